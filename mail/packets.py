"""Machine-made packets among a letter's files: МЭДО and ГОСТ Р 53898, told by the XML root."""

from collections.abc import Callable, Mapping, Sequence

from core.inbound import Attachment
from mail import gost, medo
from mail.medo import Packet, root_of
from mail.xmltree import BadXmlError, Node

Reader = Callable[[Node, Sequence[Attachment]], Packet]

ROOTS: Mapping[str, Reader] = {
    "communication": medo.read_message,
    "container": medo.read_container,
    "DocInfo": gost.read_2013,
    "Report": gost.read_2013,
    "Header": gost.read_2010,
}
"""Local name of a root element, and who reads such a packet; the first found is read."""

_SURE_OF_HEADER = ("standart", "msg_id", "msg_type")


def found_in(files: Sequence[Attachment]) -> Packet | None:
    """The packet among the files, or None. A letter carries one packet."""
    roots = [(file, root) for file in files if (root := _sound(file)) and _is_ours(root)]
    for name, reader in ROOTS.items():
        for file, root in roots:
            if root.name == name:
                return reader(root, [one for one in files if one is not file])
    envelope = next((one for one in files if one.name.lower() in medo.ENVELOPES), None)
    if envelope is None:
        return None
    return medo.read_envelope(envelope, [one for one in files if one is not envelope])


def unreadable(files: Sequence[Attachment]) -> tuple[str, ...]:
    """Why XML files among these could not be read at all."""
    said = []
    for file in files:
        try:
            root_of(file)
        except BadXmlError as fault:
            said.append(f"«{file.name}»: {fault}.")
    return tuple(said)


def _sound(file: Attachment) -> Node | None:
    try:
        return root_of(file)
    except BadXmlError:
        return None


def _is_ours(root: Node) -> bool:
    if root.name == "Header":  # a common word
        return any(root.attribute(one) for one in _SURE_OF_HEADER)
    if root.name == "Report":
        return bool(root.inside("InitialDoc"))
    return root.name in ROOTS
