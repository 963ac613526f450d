/// Ends the process unless a law holds; the fuzzer then keeps the input that broke it.
@inline(__always)
package func require(_ holds: Bool, _ law: @autoclosure () -> String) {
    if !holds { fatalError("broken: \(law())") }
}
