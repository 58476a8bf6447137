"""A client on Python's grpcio that knows no proto: the server's reflection teaches it the messages."""

from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

from refusal import Refusal
from schema import SERVICE

SECONDS_MAX = 30


class Reflected:
    """Keeps one channel open for all its calls."""

    name = "grpcio"

    def __init__(self, address: str) -> None:
        unlimited = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
        self._channel = grpc.insecure_channel(address, options=[*unlimited, ("grpc.initial_reconnect_backoff_ms", 50)])
        self._database = ProtoReflectionDescriptorDatabase(self._channel)
        self._pool = DescriptorPool(self._database)

    def services(self) -> set[str]:
        """Names of the services the server lists."""
        return set(self._database.get_services())

    def methods(self, service: str) -> set[str]:
        """Names of a service's methods."""
        return set(self._pool.FindServiceByName(service).methods_by_name)

    def describe(self, symbol: str) -> str:
        """The names a message declares, as text."""
        return "\n".join(field.name for field in self._pool.FindMessageTypeByName(symbol).fields)

    def call(self, method: str, request: dict[str, Any], service: str = SERVICE) -> dict[str, Any]:
        """Calls a method; raises Refusal where the server answers with an error."""
        sent, form = self._forms(method, service)
        rpc = self._channel.unary_unary(f"/{service}/{method}", **form)
        try:
            answer = rpc(json_format.ParseDict(request, sent()), timeout=SECONDS_MAX, wait_for_ready=True)
        except grpc.RpcError as error:
            raise refusal(error) from None
        return self._as_json(answer)

    def stream(self, method: str, requests: list[dict[str, Any]], service: str = SERVICE) -> list[dict[str, Any]]:
        """Calls a method that streams both ways; gives its answers, or raises Refusal as `call` does."""
        sent, form = self._forms(method, service)
        rpc = self._channel.stream_stream(f"/{service}/{method}", **form)
        messages = [json_format.ParseDict(request, sent()) for request in requests]
        try:
            return [self._as_json(answer) for answer in rpc(iter(messages), timeout=SECONDS_MAX, wait_for_ready=True)]
        except grpc.RpcError as error:
            raise refusal(error) from None

    def _forms(self, method: str, service: str) -> tuple[type[Message], dict[str, Any]]:
        """The class of a method's request, and how its messages are written and read."""
        described = self._pool.FindServiceByName(service).methods_by_name[method]
        form = {
            "request_serializer": lambda sent: sent.SerializeToString(),
            "response_deserializer": GetMessageClass(described.output_type).FromString,
        }
        return GetMessageClass(described.input_type), form

    def _as_json(self, answer: Message) -> dict[str, Any]:
        return json_format.MessageToDict(answer, descriptor_pool=self._pool)


def refusal(error: grpc.RpcError) -> Refusal:
    """Reads an error status with its details."""
    violations = {}
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        bad_request = error_details_pb2.BadRequest()
        if detail.Unpack(bad_request):
            violations |= {violation.field: violation.description for violation in bad_request.field_violations}
    return Refusal(error.code().name, error.details(), violations, f"{error}\n{status}")
