"""Alembic runs this; the engine is handed in by intercentre.core.registry.migration."""

from alembic import context
from sqlalchemy import text

from intercentre.core.registry.tables import Base

with context.config.attributes["engine"].connect() as connection:
    if connection.dialect.name == "postgresql":
        # Released by the commit below: a lock of the session would stay with the pooled connection.
        connection.execute(text("SELECT pg_advisory_xact_lock(7364)"))
    else:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=False)
    context.run_migrations()
    connection.commit()
