"""Sending messages to one person each: through a mail server, or through a program of the operator's."""

from floodmark.notices.sending.code_message import Purpose, code_message
from floodmark.notices.sending.command import CommandSender
from floodmark.notices.sending.sender import Message, NotSent, PerhapsSent, Sender
from floodmark.notices.sending.smtp import SmtpSender, Tls

__all__ = [
    "CommandSender",
    "Message",
    "NotSent",
    "PerhapsSent",
    "Purpose",
    "Sender",
    "SmtpSender",
    "Tls",
    "code_message",
]
