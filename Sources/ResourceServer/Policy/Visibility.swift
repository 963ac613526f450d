/// What lists show: the `visibility` of a server.
package enum Visibility: Sendable, Equatable {
    /// What the token's scopes open, the default.
    case granted
    /// Also what a step-up could open.
    case obtainable
}
