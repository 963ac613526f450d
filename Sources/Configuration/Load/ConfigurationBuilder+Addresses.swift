internal import HTTP

extension ConfigurationBuilder {
    /// The public URL in its canonical spelling.
    mutating func publicURL(_ root: DecodedSection) -> AbsoluteURI? {
        guard let text = root.text("public_url") else { return nil }
        let url: AbsoluteURI
        do throws(URIViolation) {
            url = try AbsoluteURI(parsing: text)
        } catch {
            refuse("public_url", in: root, "is not a URL: \(error)")
            return nil
        }
        guard url.path.isEmpty, url.query == nil else {
            refuse("public_url", in: root, "must not have a path, a query or a slash at the end")
            return nil
        }
        let canonical = "\(url.origin)"
        guard canonical == text else {
            // What a variable holds is not shown, in no spelling.
            let isWritten = root["public_url"]?.written == text
            let spelling = isWritten ? "\"\(canonical)\"" : "in lower case, without a usual port"
            refuse("public_url", in: root, "must be written \(spelling)")
            return nil
        }
        guard url.isTrustworthy else {
            refuse("public_url", in: root, "must begin with https:// unless its host is loopback")
            return nil
        }
        return url
    }

    /// The listeners, each address once.
    ///
    /// Whoever reaches a listener without TLS speaks to it in the clear: an address that anybody can
    /// reach is refused, one that depends on the machine's networks is warned of.
    mutating func listeners(_ root: DecodedSection, publicURL: AbsoluteURI?) -> [ListenOptions] {
        var listeners: [ListenOptions] = []
        for item in root.list("listen") ?? [] {
            guard case .section(let section) = item.content,
                let address = socketAddress(section)
            else { continue }
            guard !listeners.contains(where: { $0.address.isSame(as: address) }) else {
                refuse("address", in: section, "is the address of another listener")
                continue
            }
            if !section.present.contains("tls") {
                checkReach(of: address, section, publicURL: publicURL)
            }
            listeners.append(ListenOptions(address: address, tls: listenerTLS(section)))
        }
        let isAlwaysSecure = !listeners.isEmpty && listeners.allSatisfy { $0.tls != nil }
        if isAlwaysSecure, publicURL?.scheme == .http {
            diagnostics.warning(
                root["public_url"]?.position,
                "\"public_url\" is http://, while every listener speaks TLS")
        }
        return listeners
    }

    private mutating func checkReach(
        of address: SocketAddress, _ section: DecodedSection, publicURL: AbsoluteURI?
    ) {
        guard let value = section["address"] else { return }
        switch address.ip.reach {
        case .loopback:
            return
        case .anybody:
            refuse(
                "address", in: section,
                "must be a loopback or private address where \"tls\" is missing")
        case .everyAddress:
            diagnostics.warning(
                value.position,
                "\(value.written) listens on every address without TLS; only a TLS proxy, or nobody but this machine, may be able to reach it"
            )
        case .neighbours where publicURL?.scheme == .http:
            diagnostics.warning(
                value.position,
                "\(value.written) can be reached from other machines without TLS, while \"public_url\" is loopback"
            )
        case .neighbours:
            return
        }
    }

    /// The address of the health listener.
    mutating func health(_ root: DecodedSection, listeners: [ListenOptions]) -> SocketAddress? {
        guard let section = root.section("health"), let address = socketAddress(section) else {
            return nil
        }
        guard !listeners.contains(where: { $0.address.isSame(as: address) }) else {
            refuse("address", in: section, "is the address of a listener of \"listen\"")
            return nil
        }
        return address
    }

    private mutating func socketAddress(_ section: DecodedSection) -> SocketAddress? {
        guard let text = section.text("address") else { return nil }
        guard let address = SocketAddress(text) else {
            refuse(
                "address", in: section,
                "must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080")
            return nil
        }
        return address
    }
}
