import HTTP
import OAuth
import Testing

/// A form of these parameters, as a client writes it.
func form(_ parameters: [(String, String)]) throws -> FormParameters {
    let text = PercentEncoding.encode(form: parameters)
    return try FormParameters(parsing: Array(text.utf8)[...])
}

/// A form with some parameters in the place of those of the same name, or without them where the
/// list is empty.
func form(
    _ parameters: [(String, String)], changed name: String, to values: [String]
) throws -> FormParameters {
    try form(parameters.filter { $0.0 != name } + values.map { (name, $0) })
}

/// What reading throws, which is an OAuth error.
func refusal(_ body: () throws -> some Any) -> OAuthError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? OAuthError
    }
}
