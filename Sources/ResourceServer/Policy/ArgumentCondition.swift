/// A condition on one argument of a tool call: it must be there and be one of the accepted values.
package struct ArgumentCondition: Sendable, Equatable {
    /// The argument: a top-level name, or a JSON pointer (RFC 6901) when it begins with `/`.
    package var argument: String
    /// The values of which the argument must be one.
    package var accepted: [ArgumentValue]

    /// A condition that the argument is one of the accepted values.
    package init(argument: String, accepted: [ArgumentValue]) {
        self.argument = argument
        self.accepted = accepted
    }
}

/// One accepted value of an argument condition.
package enum ArgumentValue: Sendable, Equatable {
    /// A string that matches the pattern, byte for byte, `*` standing for any run of bytes.
    case string(String)
    /// The number with this JSON spelling; integers also match by value.
    case number(String)
    /// The boolean.
    case bool(Bool)
    /// JSON null.
    case null
}
