/// Why an entry of `redirect_uris` is none.
enum RedirectRuleViolation: Error {
    /// It is none of the kinds of entries.
    case unknownKind
    /// It is a URI that no client may be redirected to.
    case unsafeURI
    /// It is a URI with `*`, which would be taken literally.
    case wildcardInURI
    /// It is a scheme that is no app's own, or not in lower case.
    case unsafeScheme
    /// It is a wildcard that is not the first label, or has fewer than two labels after it.
    case wideWildcard

    /// What is expected of a list of hosts, after "must hold".
    var expectedHosts: String {
        switch self {
        case .wideWildcard:
            "\"*\" only as the first label before at least two others, such as *.example.com"
        case .unknownKind, .unsafeURI, .wildcardInURI, .unsafeScheme:
            "hosts in lower case such as claude.ai or *.example.com, without scheme and path"
        }
    }

    /// What is expected, after "must hold".
    var expectation: String {
        switch self {
        case .unknownKind:
            "known, loopback, a URI such as https://app.example.com/callback, an https host in lower case such as app.example.com or *.example.com, or a scheme such as com.example.app:"
        case .unsafeURI:
            "URIs that begin with https://, with http:// and a loopback host, or with the scheme of an app, without user name and fragment"
        case .wildcardInURI:
            "URIs without \"*\", since they are compared exactly; a host alone opens all its paths"
        case .unsafeScheme:
            "schemes of apps, in lower case, such as com.example.app:"
        case .wideWildcard:
            "\"*\" only as the first label before at least two others, such as *.example.com"
        }
    }
}
