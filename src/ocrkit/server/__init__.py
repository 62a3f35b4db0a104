"""The HTTP API of OCR.chat over jobs and accounts, and its pages; `create_app` gives a Starlette application."""
