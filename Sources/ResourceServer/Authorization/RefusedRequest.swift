/// A refusal on its way out of a function.
struct RefusedRequest: Error {
    let refusal: Refusal

    init(_ refusal: Refusal) { self.refusal = refusal }
}
