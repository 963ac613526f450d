package import HTTP

/// What the requests of OAuth have in common as forms.
extension FormParameters {
    /// Reads a form or a query of OAuth.
    ///
    /// - Throws: `invalid_request` for what is no form.
    package init(oauth bytes: ArraySlice<UInt8>) throws(OAuthError) {
        do {
            try self.init(parsing: bytes)
        } catch {
            throw OAuthError(.invalidRequest, "The parameters cannot be read: \(error).")
        }
    }

    /// The value of a parameter that may come once (RFC 6749 §3.1 and §3.2); nil where it is
    /// missing or empty.
    ///
    /// - Throws: `invalid_request` if it comes more than once.
    package func parameter(_ name: StaticString) throws(OAuthError) -> String? {
        do {
            return try single("\(name)")
        } catch {
            throw OAuthError(.invalidRequest, "The parameter \(name) is given more than once.")
        }
    }

    /// The value of a parameter that must come once.
    ///
    /// - Throws: `invalid_request` if it is missing, empty or repeated.
    func required(_ name: StaticString) throws(OAuthError) -> String {
        guard let value = try parameter(name) else {
            throw OAuthError(.invalidRequest, "The parameter \(name) is missing.")
        }
        return value
    }

    /// The one `resource` (RFC 8707 §2); nil without one.
    ///
    /// Values that spell the same resource are one, since clients repeat it.
    ///
    /// - Throws: `invalid_target` for a malformed resource, and for two different ones.
    func resource() throws(OAuthError) -> ResourceIndicator? {
        var found: ResourceIndicator?
        for value in values("resource") where !value.isEmpty {
            guard let resource = ResourceIndicator(value) else {
                throw OAuthError(
                    .invalidTarget, "The resource is not an absolute URL without fragment.")
            }
            if let found, found != resource {
                throw OAuthError(.invalidTarget, "A token is for one resource only.")
            }
            found = resource
        }
        return found
    }

    /// The scopes that are asked for (RFC 6749 §3.3); nil without any.
    ///
    /// - Throws: `invalid_scope` for a malformed list.
    func scope() throws(OAuthError) -> ScopeSet? {
        guard let text = try parameter("scope") else { return nil }
        guard let scope = ScopeSet(parsing: text) else {
            throw OAuthError(.invalidScope, "The scope is not a list of scope names.")
        }
        return scope
    }
}
