"""A small stock-keeping service: FastAPI over relvar's asyncio sessions."""
