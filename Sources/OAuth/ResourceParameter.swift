import HTTP

/// The `resource` parameters of a request (RFC 8707 §2), of which this server takes one.
enum ResourceParameter {
    /// The resource; nil without one.
    ///
    /// The same one twice is one, as clients with a setting for it send it.
    static func read(_ form: FormParameters) throws(OAuthError) -> ResourceIndicator? {
        var found: ResourceIndicator?
        for value in form.values("resource") where !value.isEmpty {
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
}

extension OAuthError {
    /// A form that cannot be read.
    init(_ violation: FormViolation) {
        self.init(.invalidRequest, "The request cannot be read: \(violation.ascii)")
    }
}

extension FormViolation {
    /// The description without what a client sent.
    fileprivate var ascii: String {
        switch self {
        case .repeatedParameter: "a parameter occurs more than once"
        case .percentEncoding, .notUTF8, .invalidByte, .tooManyParameters: description
        }
    }
}
