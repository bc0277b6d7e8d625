"""The stages of `executer`, in their order: what `--jusqu-a` accepts is what the pipeline follows."""

STAGES = ("validation", "harmonisation", "indicateurs", "protection", "concertation", "publication")
