import HTTP

/// What the requests of OAuth have in common as forms.
extension FormParameters {
    /// The value of a parameter that may occur once (RFC 6749 §3.1, §3.2); nil where it is missing or
    /// empty.
    ///
    /// - Throws: `invalid_request`.
    func one(_ name: String) throws(OAuthError) -> String? {
        do throws(FormViolation) { return try single(name) } catch { throw OAuthError(error) }
    }

    /// The one `resource` (RFC 8707 §2); nil without one.
    ///
    /// The same one twice is one, as clients with a setting for it send it.
    ///
    /// - Throws: `invalid_target`.
    func resource() throws(OAuthError) -> ResourceIndicator? {
        var found: ResourceIndicator?
        for value in values("resource") where !value.isEmpty {
            guard let resource = ResourceIndicator(value) else {
                throw OAuthError(.invalidTarget, "The resource is not the URL of a server")
            }
            guard found == nil || found == resource else {
                throw OAuthError(.invalidTarget, "A token is for one resource")
            }
            found = resource
        }
        return found
    }

    /// The scopes that are asked for (RFC 6749 §3.3); nil without any.
    ///
    /// - Throws: `invalid_scope`.
    func scope() throws(OAuthError) -> ScopeSet? {
        guard let text = try one("scope") else { return nil }
        guard let scope = ScopeSet(parsing: text) else {
            throw OAuthError(.invalidScope, "The scope is malformed")
        }
        return scope
    }

    /// The `state` (RFC 6749 §4.1.1), byte for byte; nil without one.
    ///
    /// - Throws: `invalid_request` where it cannot be carried.
    func state() throws(OAuthError) -> String? {
        guard let state = try one("state") else { return nil }
        guard state.utf8.count <= AuthorizationRequest.maximumStateLength else {
            throw OAuthError(.invalidRequest, "The state is too long")
        }
        // RFC 6749, appendix A.5 — state = 1*VSCHAR
        guard state.utf8.allSatisfy(\.isVisible) else {
            throw OAuthError(.invalidRequest, "The state is malformed")
        }
        return state
    }
}

extension OAuthError {
    /// A form that cannot be read.
    init(_ violation: FormViolation) {
        self.init(.invalidRequest, "The request cannot be read: \(violation)")
    }
}
