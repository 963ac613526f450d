/// The version of the program.
package enum Version {
    /// As Semantic Versioning 2.0.0 has it.
    package static let text = "0.1.0"
}
