import AuthorizationServer

extension AuditEntry {
    /// The line of what the authorization server did; `time` in Unix milliseconds.
    init(_ event: AuditEvent, at time: Int64) {
        switch event {
        case .registration(let isAccepted, let isPending):
            self.init(timeMilliseconds: time, event: .registration)
            decision = isAccepted ? (isPending ? "pending" : "accepted") : "refused"
        case .registrationChange(let isAccepted):
            self.init(timeMilliseconds: time, event: .registration)
            decision = isAccepted ? "changed" : "refused"
        case .registrationEnd:
            self.init(timeMilliseconds: time, event: .registration)
            decision = "ended"
        case .signIn(let signIn):
            self.init(timeMilliseconds: time, event: .signIn)
            decision = signIn.outcome.word
            source = signIn.source
            userName = signIn.user?.name
            subject = signIn.user?.subject
        case .consent(let consent):
            self.init(timeMilliseconds: time, event: .consent)
            decision = consent.isGiven ? "given" : "declined"
            server = consent.server
            scope = consent.scope
            if !consent.declinedScope.isEmpty {
                otherScope = (.declined, consent.declinedScope)
            }
        case .issuance(let issuance):
            self.init(timeMilliseconds: time, event: .issuance)
            decision = "issued"
            method = issuance.basis.word
            server = issuance.server
            scope = issuance.scope
            grantID = issuance.grantID
            tokenID = issuance.tokenID
        case .refusedIssuance:
            self.init(timeMilliseconds: time, event: .issuance)
            decision = "refused"
        case .stepUp(let server, let scope, let addedScope):
            self.init(timeMilliseconds: time, event: .stepUp)
            decision = "given"
            self.server = server
            self.scope = scope
            otherScope = (.added, addedScope)
        case .revocation(let revoker, let grantID):
            self.init(timeMilliseconds: time, event: .revocation)
            decision = "ended"
            method = revoker.word
            self.grantID = grantID
        }
    }
}

extension AuditEvent.SignIn.Outcome {
    fileprivate var word: StaticString {
        switch self {
        case .accepted: "accepted"
        case .refused: "refused"
        case .delayed: "delayed"
        case .overloaded: "overloaded"
        case .unavailable: "unavailable"
        }
    }
}

extension AuditEvent.Issuance.Basis {
    fileprivate var word: String {
        switch self {
        case .authorizationCode: "authorization_code"
        case .refreshToken: "refresh_token"
        case .clientCredentials: "client_credentials"
        case .jwtBearer: "jwt_bearer"
        case .tokenExchange: "token_exchange"
        }
    }
}

extension AuditEvent.Revoker {
    fileprivate var word: String {
        switch self {
        case .client: "client"
        case .user: "user"
        case .gateway: "gateway"
        }
    }
}
