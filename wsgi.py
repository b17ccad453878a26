"""What gunicorn serves: ``gunicorn --config config/gunicorn.py wsgi:app``, with LOOKUP_FOLDER set."""

from lookup.app import create_app

app = create_app()
