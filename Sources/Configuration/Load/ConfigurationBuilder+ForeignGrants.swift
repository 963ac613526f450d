internal import ResourceServer

extension ConfigurationBuilder {
    /// Under a foreign issuer a scope can be kept from users and clients as far as its tokens tell
    /// who they are.
    mutating func checkForeignGrants(_ scope: DecodedSection, issuer: DecodedSection?) {
        for item in scope.list("granted_to") ?? [] {
            checkForeignGrantee(item, scope, issuer: issuer)
        }
        if let value = scope["clients"], value.text == "verified" {
            diagnostics.error(
                value.position,
                sentence("clients", in: scope, "cannot be verified, \(Self.elsewhere)"))
        }
        for item in scope.list("clients") ?? [] where item.text?.hasPrefix("domain:") == true {
            refuseItem(
                item, sentence("clients", in: scope, "must hold client:…, \(Self.elsewhere)"))
        }
    }

    /// Why less is known of users and clients.
    private static let elsewhere =
        "since the tokens of this server come from its authorization_server"

    private mutating func checkForeignGrantee(
        _ item: DecodedValue, _ scope: DecodedSection, issuer: DecodedSection?
    ) {
        guard let text = item.text else { return }
        let kinds = [("user", "user_claim"), ("group", "groups_claim")]
        let kind = kinds.first { kind, _ in
            let prefix = "\(TokenHolder.source)/\(kind):"
            return text.hasPrefix(prefix) && text.utf8.count > prefix.utf8.count
        }
        guard let (_, claim) = kind else {
            refuseItem(
                item,
                sentence(
                    "granted_to", in: scope,
                    "must hold issuer/user:… or issuer/group:…, \(Self.elsewhere)"))
            return
        }
        guard let issuer, !issuer.present.contains(claim) else { return }
        let key = ConfigurationSchema.path(claim, in: issuer.path)
        refuseItem(
            item, sentence("granted_to", in: scope, "needs \"\(key)\", the claim to read it from"))
    }
}
