import FuzzSupport
import HTTP

/// What must hold of field values that are read further.
struct ValueLaws {
    let value: ArraySlice<UInt8>

    func check() {
        checkMediaType()
        var fields = Fields()
        fields.append("cookie", value)
        let cookies = CookieField(fields)
        if let session = cookies.value("s") {
            require(session.utf8.allSatisfy { 0x21...0x7E ~= $0 }, "a cookie is visible ASCII")
            require(Self.contains(value, session.utf8), "a cookie's value has come as it is")
        }
        var members = 0
        fields.forEachListMember(of: "cookie") { member in
            require(!member.isEmpty && !member.contains(0x2C), "members of a list are apart")
            members += 1
        }
        require(members <= value.count, "no more members than bytes")
    }

    private func checkMediaType() {
        guard let type = MediaType(value) else { return }
        require(
            MediaType.essence(of: value, is: "application/json")
                == (type.essence == "application/json"),
            "both ways to read a media type agree")
        var text = type.essence
        for parameter in type.parameters {
            let quoted = parameter.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            text += ";\(parameter.name)=\"\(quoted)\""
        }
        guard parametersAreASCII(type) else { return }
        require(MediaType(Array(text.utf8)[...]) == type, "a media type is read as it is written")
    }

    private func parametersAreASCII(_ type: MediaType) -> Bool {
        type.parameters.allSatisfy { $0.value.utf8.allSatisfy { 0x20...0x7E ~= $0 } }
    }

    private static func contains(
        _ bytes: ArraySlice<UInt8>, _ part: some Collection<UInt8>
    ) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: part) } || part.isEmpty
    }
}
