import HTTP
import OAuth
import Storage

/// `/register`: clients register themselves (RFC 7591 §3).
package struct RegistrationEndpoint: Sendable {
    /// The most bytes of a request's content.
    package static let bodyLimit = 16 * 1024
    /// When a client may try again that found no room, in seconds.
    package static let fullRetryAfter: Int64 = 3600

    private let directory: ClientDirectory
    private let rates: RegistrationRates
    private let options: RegistrationOptions
    private let configuration: ClientConfigurationEndpoint
    private let statements: SoftwareStatements

    /// The endpoint; the rates are shared by all that count together, and `keySets` finds the keys of
    /// others that are at a URL.
    package init(
        directory: ClientDirectory, rates: RegistrationRates, options: RegistrationOptions,
        issuer: String, keySets: @escaping KeySetLookup
    ) {
        self.directory = directory
        let statements = SoftwareStatements(
            options.softwareStatements, audience: issuer, keySets: keySets)
        self.statements = statements
        configuration = ClientConfigurationEndpoint(
            directory: directory, issuer: issuer, statements: statements)
        self.rates = rates
        self.options = options
    }

    /// The answer: 201 with the registration, or a refusal.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        switch options.dynamic {
        case .off:
            var answer = EndpointResponse.empty(status: 404)
            answer.reason = "dynamic registration is off"
            return answer
        case .open, .token, .approval: break
        }
        if request.head.method != .post, let id = Self.clientID(request) {
            if request.head.method == .options {
                return .preflight(methods: ClientConfigurationEndpoint.methods)
            }
            if let wait = rates.take(request.network, atMilliseconds: request.nowMilliseconds) {
                return .tooManyRequests(retryAfter: wait, reason: "too many registrations")
            }
            return await configuration.respond(to: request, for: id)
        }
        switch request.head.method {
        case .options: return .preflight(methods: "POST")
        case .post:
            var answer = await register(request)
            let isAccepted = answer.status == 201
            answer.events = [
                .registration(
                    isAccepted: isAccepted, isPending: isAccepted && options.dynamic == .approval)
            ]
            return answer
        default: return .methodNotAllowed(methods: "POST")
        }
    }

    private static func clientID(_ request: EndpointRequest) -> String? {
        guard let form = try? FormParameters(query: request.head.query) else { return nil }
        return try? form.single("client_id")
    }

    private func register(_ request: EndpointRequest) async -> EndpointResponse {
        // Before anything is read: what is refused costs as much as what is accepted.
        if let wait = rates.take(request.network, atMilliseconds: request.nowMilliseconds) {
            return .tooManyRequests(retryAfter: wait, reason: "too many registrations")
        }
        var invitation: [UInt8]?
        if options.dynamic == .token {
            let token = request.bearerToken
            invitation = token.map { InitialAccessToken.digest(of: $0) }
            do {
                guard let invitation,
                    try await directory.store.isInvitation(invitation, at: request.now)
                else {
                    return .bearerRefusal(
                        hasToken: token != nil, reason: "the initial access token is wrong")
                }
            } catch {
                return .unavailable(error)
            }
        }
        do {
            let (metadata, statement) = try await Self.metadata(request, statements)
            switch try await directory.register(metadata, invitedBy: invitation, at: request.now) {
            case .accepted(var registration):
                registration.softwareStatement = statement
                registration.management = configuration.management(of: registration.clientID)
                var answer = EndpointResponse.json(registration.body, status: 201)
                answer.clientID = registration.clientID
                return answer
            case .full: return .fullOfClients
            case .uninvited:
                return .bearerRefusal(
                    hasToken: true, reason: "the initial access token was used up meanwhile")
            }
        } catch {
            return .registrationRefusal(error)
        }
    }

    /// The metadata of a request, and the statement that they rest on.
    static func metadata(
        _ request: EndpointRequest, _ statements: SoftwareStatements
    ) async throws(OAuthError) -> (ClientMetadata, statement: String?) {
        let fields = request.head.fields
        // RFC 7591 §3.1
        guard fields.count(of: .contentType) == 1, let type = fields.bytes(of: .contentType),
            MediaType.essence(of: type, is: "application/json")
        else {
            throw OAuthError(.invalidClientMetadata, "The content type is not application/json")
        }
        guard request.body.count <= bodyLimit else {
            throw OAuthError(.invalidClientMetadata, "The metadata is too large")
        }
        let asserted = try await statements.asserted(request.body, at: request.now)
        return (try ClientMetadata(parsing: asserted.body), asserted.statement)
    }
}
