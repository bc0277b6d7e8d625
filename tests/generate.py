"""Write docs/generated anew: the body of `make docs`."""

from pathlib import Path

from intercentre.documentation import generated_pages

FOLDER = Path(__file__).parent.parent / "docs" / "generated"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in generated_pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
