"""The bench's own floor: Flask answers a constant, as small as an answer can be made."""

from flask import Flask, Response

app = Flask("floor")


@app.post("/v1/enquiries")
def ask() -> Response:
    return Response(b'{"outcome":"no_plan_found"}', content_type="application/json")
