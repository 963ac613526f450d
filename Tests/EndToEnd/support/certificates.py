"""An authority of the tests, and what it certifies."""

from __future__ import annotations

import datetime
import ipaddress
import pathlib
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


class Pair:
    """A certificate file and a key file; `write` replaces both, as renewal does."""

    def __init__(self, home: pathlib.Path, name: str) -> None:
        self.certificate, self.key = home / f"{name}.pem", home / f"{name}.key"

    def write(self, certificate: bytes, key: ec.EllipticCurvePrivateKey) -> Pair:
        self.key.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        self.key.chmod(0o600)
        self.certificate.write_bytes(certificate)
        return self

    @property
    def listen(self) -> dict:
        """The value of `listen[].tls`."""
        return {"certificate": str(self.certificate), "private_key": str(self.key)}

    def context(self) -> ssl.SSLContext:
        """For a server of the tests."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


class Authority:
    """Certifies names in files of a directory; its own certificate is `file`."""

    def __init__(self, home: pathlib.Path, name: str = "authority") -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home, self.key, self.subject = home, ec.generate_private_key(ec.SECP256R1()), named(name)
        self.certificate = self.sign(self.subject, self.key.public_key(), [], authority=True)
        self.file = home / f"{name}-ca.pem"
        self.file.write_bytes(pem(self.certificate))

    def sign(self, subject: x509.Name, key, names: list[str], *, authority: bool = False, until: int = 30) -> x509.Certificate:
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder(subject_name=subject, issuer_name=self.subject, public_key=key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 60 * DAY)
            .not_valid_after(now + until * DAY)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if authority:
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        else:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([alternative(n) for n in names]), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def issue(self, *names: str, file: str = "leaf", until: int = 30) -> Pair:
        """A certificate for names and addresses, good for `until` days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.sign(named(names[0]), key.public_key(), list(names), until=until)
        return Pair(self.home, file).write(pem(certificate), key)

    def trust(self) -> ssl.SSLContext:
        """For a client of the tests that believes this authority alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.file)
        context.set_alpn_protocols(["http/1.1"])
        return context
