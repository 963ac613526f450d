import Foundation

/// Certificates of an authority of the tests, made by the `openssl` command.
struct TestCertificates: Sendable {
    /// A certificate with its key, both in PEM.
    struct Identity: Sendable {
        let certificate: [UInt8]
        let key: [UInt8]
    }

    private let directory: URL
    /// The authority, which no system knows.
    let authority: [UInt8]
    /// Another authority.
    let otherAuthority: [UInt8]

    init() throws {
        directory = FileManager.default.temporaryDirectory
            .appending(path: "certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for name in ["authority", "other"] {
            try Self.openssl(
                directory,
                "req -x509 \(Self.newKey) -keyout \(name).key -out \(name).pem -days 30 -subj /CN=\(name)"
            )
        }
        authority = try Self.read(directory, "authority.pem")
        otherAuthority = try Self.read(directory, "other.pem")
    }

    /// A certificate by the authority for these names, such as `DNS:good.example,IP:127.0.0.1`.
    func identity(
        _ names: String, days: Int = 30, by issuer: String = "authority"
    ) throws -> Identity {
        let name = UUID().uuidString
        try Data("subjectAltName=\(names)\nextendedKeyUsage=serverAuth\n".utf8).write(
            to: directory.appending(path: "\(name).ext"))
        try Self.openssl(
            directory, "req \(Self.newKey) -keyout \(name).key -out \(name).csr -subj /CN=leaf")
        try Self.openssl(
            directory,
            "x509 -req -in \(name).csr -CA \(issuer).pem -CAkey \(issuer).key -days \(days) -extfile \(name).ext -out \(name).pem"
        )
        return try read(name)
    }

    /// A certificate that vouches for itself.
    func selfSigned(_ names: String) throws -> Identity {
        let name = UUID().uuidString
        try Self.openssl(
            directory,
            "req -x509 \(Self.newKey) -keyout \(name).key -out \(name).pem -days 30 -subj /CN=leaf -addext subjectAltName=\(names)"
        )
        return try read(name)
    }

    /// Removes the files.
    func remove() { try? FileManager.default.removeItem(at: directory) }

    private static let newKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

    private func read(_ name: String) throws -> Identity {
        Identity(
            certificate: try Self.read(directory, "\(name).pem"),
            key: try Self.read(directory, "\(name).key"))
    }

    private static func read(_ directory: URL, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directory.appending(path: name)))
    }

    private static func openssl(_ directory: URL, _ arguments: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = directory
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw SystemFailure(call: "openssl \(arguments)", code: process.terminationStatus)
        }
    }
}
