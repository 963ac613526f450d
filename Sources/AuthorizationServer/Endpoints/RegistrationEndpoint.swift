import HTTP
import OAuth

/// `/register`: clients register themselves (RFC 7591 §3).
package struct RegistrationEndpoint: Sendable {
    /// The most bytes of a request's content.
    package static let bodyLimit = 16 * 1024
    /// When a client may try again that found no room, in seconds.
    package static let fullRetryAfter: Int64 = 3600

    private let directory: ClientDirectory
    private let rates: RegistrationRates
    private let options: RegistrationOptions

    /// The endpoint; the rates are shared by all that count together.
    package init(
        directory: ClientDirectory, rates: RegistrationRates, options: RegistrationOptions
    ) {
        self.directory = directory
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
        case .open: break
        }
        switch request.head.method {
        case .options: return .preflight(methods: "POST")
        case .post:
            var answer = await register(request)
            answer.events = [.registration(isAccepted: answer.status == 201)]
            return answer
        default: return .methodNotAllowed(methods: "POST")
        }
    }

    private func register(_ request: EndpointRequest) async -> EndpointResponse {
        // Before anything is read: what is refused costs as much as what is accepted.
        if let wait = rates.take(request.network, atMilliseconds: request.nowMilliseconds) {
            return .tooManyRequests(retryAfter: wait, reason: "too many registrations")
        }
        do {
            let metadata = try Self.metadata(request)
            switch try await directory.register(metadata, at: request.now) {
            case .accepted(let registration):
                var answer = EndpointResponse.json(registration.body, status: 201)
                answer.clientID = registration.clientID
                return answer
            case .full:
                return .refusal(
                    OAuthError(
                        .temporarilyUnavailable,
                        "No more clients with so much metadata can register now",
                        reason: "too many unused clients have rows"),
                    retryAfter: Self.fullRetryAfter)
            }
        } catch {
            let isPassing = error.code == .temporarilyUnavailable
            return .refusal(
                error, retryAfter: isPassing ? EndpointResponse.storeRetryAfter : nil)
        }
    }

    private static func metadata(_ request: EndpointRequest) throws(OAuthError) -> ClientMetadata {
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
        return try ClientMetadata(parsing: request.body)
    }
}
