internal import HTTPClient
internal import Transport

extension ConfigurationBuilder {
    /// What the gateway itself may fetch.
    mutating func outbound(_ root: DecodedSection) -> OutboundOptions? {
        guard let section = root.section("outbound") else { return nil }
        let blocks = allowedBlocks(section)
        guard let trust = trust(section) else { return nil }
        return OutboundOptions(
            policy: AddressPolicy(allowing: blocks), trust: trust.trust, authorityFile: trust.file)
    }

    private mutating func allowedBlocks(_ section: DecodedSection) -> [AddressBlock] {
        var blocks: [AddressBlock] = []
        for item in section.list("allow_private") ?? [] {
            guard let text = item.text else { continue }
            guard let block = AddressBlock(text) else {
                refuseItem(
                    item,
                    sentence(
                        "allow_private", in: section,
                        "must hold address blocks such as 10.0.0.0/8 or ::1/128, without bits beyond the prefix"
                    ))
                continue
            }
            if !blocks.contains(block) { blocks.append(block) }
        }
        return blocks
    }

    private mutating func trust(_ section: DecodedSection) -> (trust: TLSTrust, file: String?)? {
        guard let name = section.text("ca_file") else { return nil }
        guard name != "system" else { return (.system, nil) }
        let file = files.resolve(name)
        guard let text = content(of: file, limit: TLSTrust.textLimit, "ca_file", in: section) else {
            return nil
        }
        let trust = TLSTrust.authorities(text)
        do throws(TLSFailure) {
            _ = try TLSContext.client(trusting: trust)
        } catch {
            diagnostics.error(
                section["ca_file"]?.position,
                "the file of \(sentence("ca_file", in: section, "\(error)"))")
            return nil
        }
        return (trust, file)
    }
}
