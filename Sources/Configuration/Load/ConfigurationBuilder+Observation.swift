internal import ResourceServer

extension ConfigurationBuilder {
    /// When observe mode ends; nil where the scopes are enforced.
    mutating func observation(_ section: DecodedSection, of server: String) -> Int64? {
        let mode = section.text("mode")
        let until = section.text("observe_until").flatMap { text -> Int64? in
            let time = ConfiguredTime.parse(text)
            if time == nil {
                refuse(
                    "observe_until", in: section,
                    "must be a time in UTC such as 2026-12-01T12:00:00Z, or a date")
            }
            return time
        }
        guard mode == "observe", let value = section["mode"] else { return nil }
        guard section.present.contains("observe_until") else {
            diagnostics.error(
                value.position,
                sentence("mode", in: section, "observe needs observe_until, when it ends"))
            return nil
        }
        guard let until else { return nil }
        guard until - now <= ObservationPeriod.longest else {
            refuse("observe_until", in: section, "must be at most 14 days ahead")
            return nil
        }
        if until <= now {
            diagnostics.warning(
                section["observe_until"]?.position ?? value.position,
                "observe mode of server \"\(server)\" is over; its scopes are enforced")
        }
        return until
    }
}
