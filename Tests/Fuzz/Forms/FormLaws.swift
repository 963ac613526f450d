import Cryptography
import FuzzSupport
import HTTP
import OAuth

/// What must hold of a form, and of the requests of OAuth that are read from it.
struct FormLaws {
    let body: ArraySlice<UInt8>
    /// The value of an `Authorization` field.
    let authorization: ArraySlice<UInt8>

    func check() {
        let expected = Self.parameters(body)
        guard let form = try? FormParameters(parsing: body) else {
            return require(expected == nil, "what is refused is no form")
        }
        guard let expected else { return require(false, "what is accepted is a form") }
        require(form.names == expected.map(\.0), "names are those of the form")
        for name in Set(form.names) { check(form, name, expected) }
        let written = PercentEncoding.encode(form: expected)
        let again = try? FormParameters(query: written)
        require(again?.names == form.names, "a form is read as it is written")
        for name in Set(form.names) {
            require(again?.values(name) == form.values(name), "so are its values")
        }
        checkAuthorization(form)
        checkToken(form)
        checkClient(form)
    }

    /// The parameters of a form by the letter of the URL standard (§5.1), nil where it would repair.
    private static func parameters(_ body: ArraySlice<UInt8>) -> [(String, String)]? {
        var result: [(String, String)] = []
        for part in body.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            guard let name = text(part[..<equals]), let value = text(part[equals...].dropFirst())
            else { return nil }
            result.append((name, value))
        }
        return result.count <= FormParameters.maximumCount ? result : nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte > 0x20, byte < 0x7F else { return nil }
            if byte == UInt8(ascii: "%") {
                let digits = rest.prefix(2)
                guard digits.count == 2, digits.allSatisfy({ $0 >= UInt8(ascii: "0") }),
                    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                else { return nil }
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private func check(_ form: FormParameters, _ name: String, _ expected: [(String, String)]) {
        let values = expected.filter { $0.0.utf8.elementsEqual(name.utf8) }.map(\.1)
        require(form.values(name) == values, "values are those of the form")
        do throws(FormViolation) {
            let single = try form.single(name)
            require(values.count == 1, "one is one")
            require(single == (values[0].isEmpty ? nil : values[0]), "an empty one is none")
        } catch {
            require(values.count > 1 && error == .repeatedParameter, "two are not one")
        }
    }

    private func checkAuthorization(_ form: FormParameters) {
        if let sender = try? AuthorizationRequest.Sender(form) {
            require(form.values("client_id") == [sender.clientID], "one client asks")
            require(sender.clientID.utf8.allSatisfy { 0x20...0x7E ~= $0 }, "it has a plain name")
            if let uri = sender.redirectURI {
                require(form.values("redirect_uri") == [uri.text], "the URI is that of the form")
            }
            if let state = sender.state {
                require(form.values("state") == [state], "the state is that of the form")
                require(state.utf8.allSatisfy { 0x20...0x7E ~= $0 }, "it can be carried")
            }
        }
        guard let request = try? AuthorizationRequest(form) else { return }
        require(form.values("response_type") == ["code"], "a code is asked for")
        require(form.values("code_challenge_method") == ["S256"], "with PKCE")
        require(form.values("code_challenge") == [request.codeChallenge.text], "of one challenge")
        require(form.values("request").allSatisfy(\.isEmpty), "and nothing from elsewhere")
        checkResource(request.resource, form)
        checkScope(request.scope, form)
    }

    private func checkToken(_ form: FormParameters) {
        guard let request = try? TokenRequest(form) else { return }
        checkResource(request.resource, form)
        switch request.grant {
        case .authorizationCode(let code, let redirectURI, let verifier):
            require(form.values("grant_type") == ["authorization_code"], "one grant is asked for")
            require(form.values("code").map { Array($0.utf8) } == [code.bytes], "by one code")
            require(code.bytes.count <= TokenRequest.maximumSecretLength, "which is short")
            let uris = form.values("redirect_uri")
            require(redirectURI == nil || uris == [redirectURI ?? ""], "for one place")
            let verifiers = form.values("code_verifier").filter { !$0.isEmpty }
            require((verifier == nil) == verifiers.isEmpty, "a verifier is not lost")
        case .refreshToken(let token, let scope):
            require(form.values("grant_type") == ["refresh_token"], "one grant is asked for")
            let values = form.values("refresh_token").map { Array($0.utf8) }
            require(values == [token.bytes], "by one token")
            checkScope(scope, form)
        case .clientCredentials(let scope):
            require(form.values("grant_type") == ["client_credentials"], "one grant is asked for")
            checkScope(scope, form)
        case .jwtBearer(let assertion, let scope):
            require(
                form.values("grant_type") == ["urn:ietf:params:oauth:grant-type:jwt-bearer"],
                "one grant is asked for")
            let values = form.values("assertion").map { Array($0.utf8) }
            require(values == [assertion.bytes], "by one assertion")
            require(
                assertion.bytes.count <= TokenRequest.maximumAssertionLength, "which is short")
            checkScope(scope, form)
        case .tokenExchange:
            require(
                form.values("grant_type") == ["urn:ietf:params:oauth:grant-type:token-exchange"],
                "one grant is asked for")
        }
    }

    private func checkResource(_ resource: ResourceIndicator?, _ form: FormParameters) {
        let values = form.values("resource").filter { !$0.isEmpty }
        require((resource == nil) == values.isEmpty, "a resource is not lost")
        require(values.allSatisfy { ResourceIndicator($0) == resource }, "there is one resource")
    }

    private func checkScope(_ scope: ScopeSet?, _ form: FormParameters) {
        let text = form.values("scope").first ?? ""
        require(
            Set(text.split(separator: " ").map(String.init))
                == Set(scope?.tokens.map(\.text) ?? []),
            "the scopes are those of the form")
    }

    private func checkClient(_ form: FormParameters) {
        var fields = Fields()
        if !authorization.isEmpty { fields.append(.authorization, authorization) }
        guard let client = try? ClientCredentials(fields, form) else { return }
        require(
            client.assertion != nil || (1...2).contains(client.readings.count), "there is a client")
        let names = form.values("client_id").filter { !$0.isEmpty }
        let secrets = form.values("client_secret").filter { !$0.isEmpty }
        for reading in client.readings {
            require(reading.clientID.utf8.allSatisfy { 0x20...0x7E ~= $0 }, "it has a plain name")
            require(names.isEmpty || names == [reading.clientID], "one name only")
            switch client.method {
            case .none: require(reading.secret == nil && authorization.isEmpty, "it shows nothing")
            case .clientSecretPost:
                require(secrets == [reading.secret ?? ""], "it shows the secret of the form")
                require(authorization.isEmpty, "and nothing else")
            case .privateKeyJWT:
                require(client.assertion != nil, "it shows an assertion")
                require(secrets.isEmpty && authorization.isEmpty, "and nothing else")
            case .clientSecretBasic:
                require(secrets.isEmpty, "it shows no secret of the form")
                require(!authorization.isEmpty, "but one of the field")
            }
            require("\(reading)" == reading.clientID, "describing it shows no secret")
        }
    }
}
