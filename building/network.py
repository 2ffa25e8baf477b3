"""This machine on its networks: where others find it, in letters that can be read from the back of a classroom."""

import ipaddress
import shutil
import socket
import sys

import ifaddr

ELSEWHERE = ("192.0.2.1", 9)  # set aside for examples (RFC 5737)

FONT = [
    "### .#. ### ### #.# ### ### ### ### ### . .",
    "#.# ##. ..# ..# #.# #.. #.. ..# #.# #.# . #",
    "#.# .#. ### ### ### ### ### ..# ### ### . .",
    "#.# .#. #.. ..# ..# ..# #.# ..# #.# ..# . #",
    "### ### ### ### ..# ### ### ..# ### ### # .",
]
LETTERS = dict(zip("0123456789.:", zip(*(row.split() for row in FONT))))

NOWHERE = """\
This machine is on no network, so no other machine can open the page. Join one
(by cable, Wi-Fi, or a phone's hotspot) and give the same command again.
On this machine the page is at {here}"""
IF_NOTHING_COMES = """\
If nothing comes: let Python through the firewall of this machine, and use a
network whose machines may talk to each other. Those for guests often forbid it."""


def announcement(port, found, name, columns=80, ink="#"):
    """What to tell a class of a server at this port.

    found: the addresses of this machine, as addresses() has them. name: the machine's own.
    columns: the width of the screen, in characters. ink: the character to draw large letters with.
    """
    here = f"http://127.0.0.1:{port}/"
    if not found:
        return NOWHERE.format(here=here)
    first, *others = found
    if "." not in name:
        name += ".local"  # as machines call one another where nobody keeps a list of names
    lines = ["Every machine on this network can open the page. Type into its browser:", ""]
    letters = large(f"{first}:{port}", columns, ink)
    if letters:
        lines += [*letters, ""]
    lines += [f"    http://{first}:{port}/", ""]
    lines += [f"From another network that this machine is on:  http://{other}:{port}/" for other in others]
    lines += [f"By name, on many networks:  http://{name}:{port}/", f"On this machine:  {here}", "", IF_NOTHING_COMES]
    return "\n".join(lines)


def large(text, columns, ink):
    """The text in letters five lines high, as wide as the screen allows; no lines if it is too narrow."""
    for wide in (2, 1):
        lines = [" ".join(rows).replace("#", ink).replace(".", " ") for rows in zip(*(LETTERS[c] for c in text))]
        lines = ["".join(cell * wide for cell in line).rstrip() for line in lines]
        if max(map(len, lines)) <= columns:
            return lines
    return []


def screen():
    """(its width in characters, the character to draw with), of the screen that this program writes to."""
    ink = "█"
    try:
        ink.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        ink = "#"
    return shutil.get_terminal_size().columns, ink


def addresses():
    """The IPv4 addresses at which other machines may find this one, likeliest first."""
    found = [ipaddress.IPv4Address(address) for address in dict.fromkeys(on_the_way_out() + of_every_interface())]
    found = [address for address in found if not (address.is_loopback or address.is_unspecified)]
    # One that a machine gave itself, where nobody gave it any, is good only among machines that did the same.
    return [str(address) for address in sorted(found, key=lambda address: address.is_link_local)]


def on_the_way_out():
    """The address that this machine would send from to any other, if there is a way; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(ELSEWHERE)
        except OSError:
            return []
        return [asking.getsockname()[0]]


def of_every_interface():
    return [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
