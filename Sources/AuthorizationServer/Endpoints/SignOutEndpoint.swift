import HTTP

/// `POST /sign-out`: ends the session of the browser; grants go on.
package struct SignOutEndpoint: Sendable {
    private let interaction: Interaction

    /// An endpoint that ends sessions.
    package init(_ interaction: Interaction) { self.interaction = interaction }

    /// The answer to a request.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        guard request.head.method == .post else {
            return Notice.methodUnknown.response(fields: [.init("Allow", "POST")])
        }
        let visit = await interaction.visit(request)
        do throws(Refusal) {
            _ = try interaction.form(.signOut, request, visit)
            var response = SignedOutPage.page.response(
                fields: interaction.sessions.signOut().fields)
            response.subject = visit.user?.subject
            return response
        } catch {
            return error.response(fields: visit.cookies)
        }
    }
}
