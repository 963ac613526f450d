import HTTP
import JSON
import OAuth
import Storage

/// `/register?client_id=…`: a client reads, changes and ends its registration (RFC 7592 §2).
struct ClientConfigurationEndpoint: Sendable {
    /// The methods, as `Allow` spells them.
    static let methods = "GET, PUT, DELETE"

    let directory: ClientDirectory
    let issuer: String
    let statements: SoftwareStatements

    /// The place of a client (RFC 7592 §3); ids are letters, digits, `-` and `_`.
    func management(of id: String) -> ClientRegistration.Management? {
        directory.registrationToken(of: id).map {
            ClientRegistration.Management(
                accessToken: $0, uri: "\(issuer)/register?client_id=\(id)")
        }
    }

    /// The answer to a request whose query names a client.
    func respond(to request: EndpointRequest, for id: String) async -> EndpointResponse {
        // Before the client is looked for: who has no token learns nothing.
        guard let token = request.bearerToken, directory.isRegistrationToken(token, of: id) else {
            return .bearerRefusal(
                hasToken: request.bearerToken != nil, reason: "the registration token is wrong")
        }
        let standing: ClientDirectory.Standing?
        do { standing = try await directory.standing(of: id, at: request.now) } catch {
            return .unavailable(error)
        }
        guard let standing else {
            return .bearerRefusal(hasToken: true, reason: "the client is no more")
        }
        var answer: EndpointResponse
        switch request.head.method {
        case .get: answer = described(directory.description(id, standing))
        case .put: answer = await change(request, id, standing)
        case .delete: answer = await remove(request, id, standing)
        case .head, .post, .options, .patch, .connect, .trace, .other:
            answer = .methodNotAllowed(methods: Self.methods)
        }
        answer.clientID = id
        return answer
    }

    private func described(_ registration: ClientRegistration) -> EndpointResponse {
        var registration = registration
        registration.management = management(of: registration.clientID)
        return .json(registration.body)
    }

    private func change(
        _ request: EndpointRequest, _ id: String, _ standing: ClientDirectory.Standing
    ) async -> EndpointResponse {
        var answer: EndpointResponse
        do throws(OAuthError) {
            try Self.check(request.body, of: id)
            let (metadata, statement) = try await RegistrationEndpoint.metadata(request, statements)
            switch try await directory.change(id, standing, to: metadata, at: request.now) {
            case .changed(var registration):
                registration.softwareStatement = statement
                answer = described(registration)
            case .full: answer = .fullOfClients
            case .gone:
                answer = .bearerRefusal(hasToken: true, reason: "the client was revoked meanwhile")
            }
        } catch {
            answer = .registrationRefusal(error)
        }
        answer.events = [.registrationChange(isAccepted: answer.status == 200)]
        return answer
    }

    /// RFC 7592 §2.2 — the client names itself, and sends nothing that is the server's to say.
    private static func check(_ body: [UInt8], of id: String) throws(OAuthError) {
        let limits = JSONLimits(depth: 16, members: 128, nameLength: 256)
        guard body.count <= RegistrationEndpoint.bodyLimit,
            let root = try? JSONDocument(parsing: body, limits: limits).root,
            let named = root["client_id"]?.string, named.utf8.elementsEqual(id.utf8)
        else {
            throw OAuthError(.invalidRequest, "The metadata do not name the client (client_id)")
        }
        for member in [
            "registration_access_token", "registration_client_uri", "client_secret_expires_at",
            "client_id_issued_at",
        ] where root.member(member) != nil {
            throw OAuthError(.invalidRequest, "The metadata may not have \(member)")
        }
    }

    private func remove(
        _ request: EndpointRequest, _ id: String, _ standing: ClientDirectory.Standing
    ) async -> EndpointResponse {
        do {
            switch try await directory.remove(id, standing, at: request.now) {
            case .full: return .fullOfClients
            case .removed(let grants):
                var answer = EndpointResponse.empty(status: 204)
                answer.endedGrants = grants
                answer.events =
                    [.registrationEnd] + grants.map { .revocation(by: .client, grantID: $0) }
                return answer
            }
        } catch {
            return .unavailable(error)
        }
    }
}

extension EndpointResponse {
    /// 503: what is asked for needs a row, and there are too many.
    static var fullOfClients: EndpointResponse {
        .refusal(
            OAuthError(
                .temporarilyUnavailable, "No more clients with so much metadata can register now",
                reason: "too many rows of clients"),
            retryAfter: RegistrationEndpoint.fullRetryAfter)
    }

    /// Why a registration is not accepted; what will pass says when to try again.
    static func registrationRefusal(_ error: OAuthError) -> EndpointResponse {
        let isPassing = error.code == .temporarilyUnavailable
        return .refusal(error, retryAfter: isPassing ? storeRetryAfter : nil)
    }
}
