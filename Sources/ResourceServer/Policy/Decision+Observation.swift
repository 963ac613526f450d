extension Decision {
    /// Whether observe mode forwards what is decided so; nil for what is allowed anyway.
    package var isRelaxedByObserving: Bool? {
        switch self {
        case .allow: nil
        case .stepUp, .unknown, .denied(.argument): true
        case .unknownMethod, .denied(.resourceURI): false
        }
    }
}
