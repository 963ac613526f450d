package import JSON

/// What a request wants to do, as far as scopes decide on it.
///
/// Names and URIs are the bytes that the JSON text spells, unescaped.
package enum Operation: Sendable {
    /// `tools/call`: the tool's name and the call's `arguments`, nil when it has none.
    case tool(name: ArraySlice<UInt8>, arguments: JSONValue?)
    /// What is done with a task of a call of that tool; conditions on arguments were met then.
    case taskOfTool(name: ArraySlice<UInt8>)
    /// `prompts/get`, and a completion for a prompt.
    case prompt(name: ArraySlice<UInt8>)
    /// `resources/read`, `subscribe`, `unsubscribe`, and an update that names a resource.
    case resource(uri: ArraySlice<UInt8>)
    /// A completion for a resource template.
    case resourceTemplate(ArraySlice<UInt8>)
    /// A method that the gateway does not know.
    case method(name: ArraySlice<UInt8>)
}
