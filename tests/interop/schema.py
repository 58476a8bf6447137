"""What a client learns about the server before it calls anything."""

import grpc
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse

from tally import Tally, equal, holds

SERVICE = "reimagerights.v1.EligibilityService"
HEALTH = "grpc.health.v1.Health"
METHODS = {"Check", "BatchCheck", "StreamCheck", "History", "GetDecision", "Reproduce"}


def facts(client, tally: Tally) -> None:
    """Reflection and health, through one client."""
    with tally.fact(f"{client.name}: reflection lists the services"):
        missing = {SERVICE, HEALTH} - client.services()
        equal(missing, set())
    with tally.fact(f"{client.name}: reflection lists the methods"):
        equal(METHODS - client.methods(SERVICE), set())
    with tally.fact(f"{client.name}: reflection describes the request"):
        described = client.describe("reimagerights.v1.CheckRequest")
        for field in ["request_id", "device", "image", "agreement", "labels"]:
            holds(field in described, f"`{field}` is not described")
    for service in ["", SERVICE]:
        with tally.fact(f"{client.name}: health of `{service}` is SERVING"):
            equal(client.call("Check", {"service": service}, service=HEALTH), {"status": "SERVING"})


def reflection_v1(address: str, tally: Tally) -> None:
    """Both clients ask in v1alpha; the stable version, whose messages are the same on the wire, must answer too."""
    with tally.fact("reflection answers in v1"), grpc.insecure_channel(address) as channel:
        ask = channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=ServerReflectionRequest.SerializeToString,
            response_deserializer=ServerReflectionResponse.FromString,
        )
        [answer] = ask(iter([ServerReflectionRequest(list_services="")]), timeout=10)
        holds(SERVICE in [service.name for service in answer.list_services_response.service], f"answered {answer}")
