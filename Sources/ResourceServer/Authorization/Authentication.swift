/// What the head of a request says before its body is read.
package enum Authentication: Sendable {
    /// The token is good and the head has nothing against the request.
    case accepted(VerifiedAccessToken)
    /// The request is answered here.
    case answered(Refusal)
    /// The head is to be judged again, from the beginning, once something was fetched.
    case pending(UnjudgedToken)
}
