import HTTP

/// Who visits, and whether a form is from a page of ours.
extension Interaction {
    /// What the cookies of a request tell; a browser without an id is given one.
    func visit(_ request: EndpointRequest) async -> Visit {
        guard let id = sessions.browserID(in: request.head) else {
            let id = sessions.makeBrowserID()
            return Visit(
                browserID: id, user: nil, cookies: [sessions.browserCookie(id)],
                network: request.network, now: request.now)
        }
        let user = await sessions.user(in: request.head, browser: id, at: request.now)
        return Visit(
            browserID: id, user: user, cookies: [], network: request.network, now: request.now)
    }

    /// The token that a form carries: it is good for this form in this browser.
    func proof(for form: PageForm, _ visit: Visit) -> String {
        sessions.proof(for: form.rawValue, browser: visit.browserID)
    }

    /// The longest content of a form, in bytes.
    static let formLimit = 32 * 1024

    /// The content of a form that a page of ours sent from this browser.
    ///
    /// - Throws: `Refusal` for every other one.
    func form(
        _ form: PageForm, _ request: EndpointRequest, _ visit: Visit
    ) throws(Refusal) -> FormParameters {
        guard FormOrigin(issuer: options.issuer).admits(request.head) else {
            throw Refusal(.originForeign, "the form came from another site")
        }
        let parameters = try Self.content(request)
        // RFC 9700 §4.7 — a site that fills in our form has neither the cookie nor the token.
        guard let proof = try? parameters.single("csrf"),
            sessions.isProof(proof, for: form.rawValue, browser: visit.browserID)
        else { throw Refusal(.formForeign, "the form has no token of this browser") }
        return parameters
    }

    private static func content(_ request: EndpointRequest) throws(Refusal) -> FormParameters {
        guard let type = request.head.fields.bytes(of: .contentType),
            MediaType.essence(of: type, is: "application/x-www-form-urlencoded")
        else { throw Refusal(.formTypeWrong, "the content is no form") }
        guard request.body.count <= formLimit else {
            throw Refusal(.formMalformed, "the form is too long")
        }
        do { return try FormParameters(parsing: request.body[...]) } catch {
            throw Refusal(.formMalformed, "\(error)")
        }
    }
}

extension FormParameters {
    /// The value of a field that occurs at most once; nil where it is absent or empty.
    ///
    /// - Throws: `Refusal` if it occurs more often.
    func field(_ name: String) throws(Refusal) -> String? {
        do { return try single(name) } catch { throw Refusal(.formMalformed, "\(error)") }
    }
}

extension EndpointRequest {
    /// The value of a parameter of the query; nil where it is absent or empty.
    ///
    /// - Throws: `Refusal` if the query cannot be read, or has it more than once.
    func parameter(_ name: String) throws(Refusal) -> String? {
        do { return try FormParameters(query: head.query).single(name) } catch {
            throw Refusal(.requestMalformed, "\(error)")
        }
    }
}
