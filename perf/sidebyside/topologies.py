"""How a contender's endpoints are placed. Each returns the near and the far endpoint, configured and proven to talk."""

from .endpoints import Endpoint, VhostSocket, verify

UPLINK = "eth1"


def attached(lab, make_contender):
    """Both endpoints on netdevs of the contender's own kind: TAPs for a switch in user space, veth for the bridge."""
    contender = make_contender()
    contender.start(lab.namespace("sw"))
    near, far = _endpoints(lab)
    contender.attach(near)
    contender.attach(far)
    return _configured(near, far)


def plugged(lab, make_contender):
    """Both endpoints on veth pairs that were there before the contender and whose other end it takes."""
    contender = make_contender()
    host = lab.namespace("sw")
    contender.start(host)
    near, far = _endpoints(lab)
    for endpoint in (near, far):
        port = f"to-{endpoint.netdev}"
        host.ip("link", "add", port, "type", "veth", "peer", "name", endpoint.netdev, "netns", endpoint.namespace.name)
        contender.plug(port)
    return _configured(near, far)


def across_hosts(lab, make_contender):
    """An endpoint on each of two hosts that a veth pair joins; it carries VLAN tags where the contender has VLANs."""
    hosts = [lab.namespace("sw1"), lab.namespace("sw2")]
    hosts[0].ip("link", "add", UPLINK, "type", "veth", "peer", "name", UPLINK, "netns", hosts[1].name)
    endpoints = _endpoints(lab)
    for host, endpoint in zip(hosts, endpoints):
        contender = make_contender()
        contender.start(host, uplink=UPLINK)
        contender.attach(endpoint)
    return _configured(*endpoints)


def served(lab, make_contender):
    """Both ends are sockets where the contender waits for a guest's front end. They talk as soon as the load has made guests."""
    contender = make_contender()
    contender.start(lab.namespace("sw"))
    guests = lab.namespace("guests")
    return tuple(VhostSocket(guests, contender.serve(name)) for name in ("a", "b"))


def _endpoints(lab):
    return [Endpoint(lab.namespace(name), f"{name}0", f"198.18.0.{number}") for number, name in ((1, "a"), (2, "b"))]


def _configured(near, far):
    near.configure()
    far.configure()
    verify(near, far)
    return near, far
