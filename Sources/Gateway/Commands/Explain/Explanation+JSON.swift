import AuthorizationServer
import JSON
import OAuth
import ResourceServer

extension Explanation {
    /// The explanation as one JSON object on one line.
    ///
    /// Shape: `decision` (as in metrics), `server`, `method`, `name`, `reason`, `caller`, `rule` and
    /// `unobtainable` (`scope`, `vocabulary`, `pattern`, `conditional`, `place`), `scope`,
    /// `inclusions`, `challenge`, `listed`, `failed_argument`, `observing`, `relaxed`; what does not
    /// apply is left out.
    var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("decision")
        writer.string(decision.label)
        Self.write("server", server, to: &writer)
        Self.write("method", question.method, to: &writer)
        Self.write("name", question.name, to: &writer)
        Self.write("reason", reason, to: &writer)
        writeCaller(to: &writer)
        if let rule {
            writer.name("rule")
            rule.write(to: &writer)
        }
        Self.write("scope", scope, to: &writer)
        if !inclusions.isEmpty {
            writer.name("inclusions")
            writer.beginArray()
            for step in inclusions { step.write(to: &writer) }
            writer.endArray()
        }
        if !unobtainable.isEmpty {
            writer.name("unobtainable")
            writer.beginArray()
            for rule in unobtainable { rule.write(to: &writer) }
            writer.endArray()
        }
        Self.write("challenge", challenge?.text, to: &writer)
        Self.write("failed_argument", failedArgument, to: &writer)
        if let isListed {
            writer.name("listed")
            writer.bool(isListed)
        }
        writer.name("observing")
        writer.bool(isObserving)
        if let isRelaxedByObserving {
            writer.name("relaxed")
            writer.bool(isRelaxedByObserving)
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func writeCaller(to writer: inout JSONWriter) {
        writer.name("caller")
        writer.beginObject()
        switch caller {
        case .refused(let description, let reason):
            Self.write("error", "invalid_token", to: &writer)
            Self.write("error_description", description, to: &writer)
            Self.write("reason", reason, to: &writer)
        case .bearer(let token):
            Self.write("subject", token.subject, to: &writer)
            Self.write("client_id", token.clientID, to: &writer)
            Self.write("expires_at", UTCTime.text(token.expiresAt), to: &writer)
        case .scopes(_, let grant, let withheld):
            Self.write("source", grant?.user.source, to: &writer)
            Self.write("user", grant?.user.name, to: &writer)
            Self.write("client_id", grant?.clientID, to: &writer)
            Self.write("grantable", grant?.scopes.text, to: &writer)
            Self.write("withheld", withheld.isEmpty ? nil : withheld.text, to: &writer)
        }
        Self.write("scope", caller.effectiveScopes?.held.text, to: &writer)
        writer.endObject()
    }

    fileprivate static func write(
        _ name: StaticString, _ value: String?, to writer: inout JSONWriter
    ) {
        guard let value else { return }
        writer.name(name)
        writer.string(value)
    }
}

extension Explanation.Rule {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        Explanation.write("scope", scope, to: &writer)
        Explanation.write("vocabulary", vocabulary, to: &writer)
        Explanation.write("pattern", pattern, to: &writer)
        writer.name("conditional")
        writer.bool(isConditional)
        Explanation.write("place", place, to: &writer)
        writer.endObject()
    }
}

extension Explanation.Inclusion {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        Explanation.write("scope", scope, to: &writer)
        Explanation.write("includes", included, to: &writer)
        Explanation.write("place", place, to: &writer)
        writer.endObject()
    }
}
