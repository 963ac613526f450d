import FuzzSupport
import HTTP
import OAuth
import ResourceServer

/// What must hold of a text that may be a URI of some kind.
struct URILaws {
    let bytes: [UInt8]
    let text: String

    func check() {
        checkAbsolute()
        checkOrigin()
        checkTarget()
        checkRedirect()
        checkIndicator()
        checkResource()
    }

    private func checkAbsolute() {
        guard let uri = try? AbsoluteURI(parsing: text) else { return }
        let spelling = uri.description
        require((try? AbsoluteURI(parsing: spelling)) == uri, "the canonical URI is the same URI")
        require(spelling.utf8.count == bytes.count, "only case changes")
        require(spelling.lowercased() == text.lowercased(), "only case changes")
        require(uri.path.isEmpty || uri.path.hasPrefix("/"), "a path is empty or begins with /")
        require(!uri.path.contains("?"), "a path ends where the query begins")
        require((try? Origin(parsing: uri.origin.description)) == uri.origin, "so is its origin")
        // Whatever can be configured can be asked for.
        let head = "GET \(uri.requestTarget) HTTP/1.1\r\nHost: \(uri.authority)\r\n\r\n"
        var decoder = RequestDecoder()
        var offset = 0
        guard head.utf8.count < 8000 else { return }
        let event = try? decoder.next(Array(head.utf8).span, &offset)
        guard case .head(let read)? = event else {
            return require(false, "a request for the URI is accepted")
        }
        require(read.host == uri.authority, "it is for the host")
        require(read.query == uri.query, "it is for the query")
        require(read.path == (uri.path.isEmpty ? "/" : uri.path), "it is for the path")
    }

    private func checkOrigin() {
        guard let origin = try? Origin(parsing: text) else { return }
        require((try? Origin(parsing: origin.description)) == origin, "an origin is its spelling")
        require(origin.description.utf8.allSatisfy { 0x21...0x7E ~= $0 }, "an origin is ASCII")
        require(!origin.host.utf8.contains { "/?#@\\".utf8.contains($0) }, "a host is a host")
    }

    private func checkTarget() {
        let target = RequestTarget(text)
        let joined = target.path + (target.query.map { "?\($0)" } ?? "")
        require(joined.utf8.elementsEqual(text.utf8), "a target is its path and its query")
        guard !target.isAmbiguous else { return }
        require(target.path.utf8.first == UInt8(ascii: "/"), "a path begins with /")
        require(!Self.hasDotSegment(Array(target.path.utf8)), "a clear path has no dot segments")
        guard let decoded = Self.decoded(Array(target.path.utf8)) else {
            return require(false, "a clear path can be decoded")
        }
        require(!Self.hasDotSegment(decoded), "nor has it once it is decoded")
        require(decoded.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "nor has it controls")
        require(
            Self.decoded(decoded) == decoded || decoded.contains(UInt8(ascii: "%")),
            "nor is it encoded twice")
    }

    private func checkRedirect() {
        guard let uri = RedirectURI(text) else { return }
        require(uri.text.utf8.elementsEqual(bytes), "a redirect URI is kept as it came")
        require(uri.matches(presented: uri), "it is itself")
        require(bytes.allSatisfy { 0x21...0x7E ~= $0 }, "it is visible ASCII")
        require(!bytes.contains(UInt8(ascii: "#")), "it has no fragment")
        let source = uri.formActionSource
        require(!source.utf8.contains { " ;,'\"\r\n".utf8.contains($0) }, "it is one CSP source")
        require(!uri.displayHost.isEmpty, "something can be shown of it")
        switch uri.kind {
        case .https(let host):
            require(text.hasPrefix("https://"), "a web site is reached by https")
            require(!host.contains("@"), "nothing hides its host")
        case .loopback(let host):
            require(text.hasPrefix("http://\(host)"), "this machine is reached by http")
            require(["127.0.0.1", "[::1]", "localhost"].contains(host), "it is this machine")
        case .privateUse(let scheme):
            require(text.hasPrefix("\(scheme):"), "a scheme is the URI's")
            require(!["http", "https", "javascript", "data", "file"].contains(scheme), "harmless")
        }
        let answer = uri.appending(query: [("code", "a b&c=d#\r\n"), ("state", text)])
        require(answer.utf8.starts(with: bytes), "an answer goes to the URI")
        require(answer.utf8.allSatisfy { 0x21...0x7E ~= $0 }, "an answer fits in a field")
        let query = answer.utf8.firstIndex(of: UInt8(ascii: "?")).map { answer[$0...].dropFirst() }
        guard let query, let form = try? FormParameters(query: String(query)) else { return }
        require(form.values("code").contains("a b&c=d#\r\n"), "the answer's code arrives")
        require(form.values("state").contains { $0.utf8.elementsEqual(bytes) }, "so does its state")
    }

    private func checkIndicator() {
        guard let resource = ResourceIndicator(text) else { return }
        // One slash at the end is dropped, so that two are not those of a neighbour.
        if !resource.text.hasSuffix("/") {
            require(ResourceIndicator(resource.text) == resource, "the canonical one is the same")
        }
        require(resource.text.utf8.count <= bytes.count, "it is no longer than what came")
        require(!resource.text.contains("#"), "it has no fragment")
    }

    private func checkResource() {
        guard ResourceURI.violation(in: bytes) == nil else { return }
        require(!bytes.contains { $0 <= 0x20 || $0 == 0x7F || $0 == 0x5C }, "nothing hides in it")
        guard let decoded = Self.decoded(bytes) else {
            return require(false, "what is matched can be decoded")
        }
        for spelling in [bytes, decoded] {
            require(
                !Self.hasDotSegment(spelling),
                "what is matched has no dot segments")
            require(!spelling.contains(UInt8(ascii: "\\")), "nor a backslash")
        }
        // What an encoding stands for must not be one more.
        require(Self.encodings(decoded) == 0, "nothing is encoded twice")
    }

    /// Whether a segment is `.` or `..`, whatever follows its name; segments end at any of the bytes.
    private static func hasDotSegment(_ path: [UInt8], endingAt ends: String = "/\\") -> Bool {
        path.split { ends.utf8.contains($0) }.contains { segment in
            let name = segment.prefix { !";?#".utf8.contains($0) }
            return name.elementsEqual([0x2E]) || name.elementsEqual([0x2E, 0x2E])
        }
    }

    /// The number of `%` with two digits behind it.
    private static func encodings(_ bytes: [UInt8]) -> Int {
        bytes.indices.count { index in
            bytes[index] == UInt8(ascii: "%") && index + 2 < bytes.count
                && bytes[(index + 1)...(index + 2)].allSatisfy(isHexadecimal)
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x46 ~= byte || 0x61...0x66 ~= byte
    }

    private static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.count,
                let byte = UInt8(
                    String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16),
                bytes[(index + 1)...(index + 2)].allSatisfy(isHexadecimal)
            else { return nil }
            result.append(byte)
            index += 3
        }
        return result
    }
}
