import HTTP
import Transport

/// One request of the gateway's own: name lookup, check, connection, answer.
///
/// The connection goes to one of the very addresses that were checked, serves one request, and is
/// closed.
final class OutboundExchange {
    typealias Completion = (Result<OutboundResponse, OutboundFailure>) -> Void

    private enum State {
        case resolving
        case connecting
        case waiting
        case ended
    }

    let request: OutboundRequest
    var deadlineTicket = DeadlineTicket()
    private(set) var deadline: UInt64 = .max

    private let desk: OutboundDesk
    private let completion: Completion
    private let end: UInt64
    private var state = State.resolving
    private var wire: [UInt8] = []
    private var addresses: [SocketAddress] = []
    private var socket: StreamSocket?
    private var decoder: ResponseDecoder
    private var head: ResponseHead?
    private var content: [UInt8] = []

    init(_ request: OutboundRequest, desk: OutboundDesk, _ completion: @escaping Completion) {
        self.request = request
        self.desk = desk
        self.completion = completion
        end = desk.context.now &+ UInt64(clamping: request.timeLimit) &* 1_000_000
        decoder = ResponseDecoder(limits: desk.limits.message, requestMethod: request.method)
        decoder.bodyLimit = request.contentLimit
    }

    func begin() {
        guard let wire = request.wire else {
            return fail(.forbidden, "the request cannot be written")
        }
        self.wire = wire
        arm(end)
        let (host, port) = (request.url.host, UInt16(clamping: request.url.port))
        let text = host.unbracketed
        if host.kind != .name {
            guard let address = SocketAddress(literal: text, port: port) else {
                return fail(.forbidden, "\(text) is not an address")
            }
            return check([address])
        }
        desk.resolver.resolve(text, port: port) { [self] answer in
            guard state == .resolving else { return }
            switch answer {
            case .success(let addresses): check(addresses)
            case .failure(let failure): fail(.unreachable, "\(failure)")
            }
        }
    }

    private func check(_ found: [SocketAddress]) {
        if let reason = desk.policy.refusal(of: found, scheme: request.url.scheme) {
            return fail(.forbidden, "\(request.url.host): \(reason)")
        }
        addresses = found.reversed()
        state = .connecting
        connect("the name has no address")
    }

    /// Tries the next address; `reason` is why the one before failed.
    private func connect(_ reason: String) {
        guard let address = addresses.popLast() else {
            return fail(.unreachable, "\(request.url.host): \(reason)")
        }
        let isLast = addresses.isEmpty
        arm(isLast ? end : min(end, desk.context.now + desk.limits.attemptTime))
        do {
            switch request.url.scheme {
            case .http:
                socket = try StreamSocket.connect(
                    to: address, context: desk.context, owner: self)
            case .https:
                let host = request.url.host.unbracketed
                socket = try StreamSocket.connect(
                    to: address, context: desk.context, owner: self,
                    security: (context: desk.tls, host: host))
            }
        } catch {
            connect("\(error)")
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while state == .waiting {
            do {
                switch try unsafe decoder.next(bytes, &offset) {
                case .needMore: return
                case .head(let head): received(head)
                case .body(let range): unsafe content.append(contentsOf: bytes[range])
                case .end: return succeed()
                }
            } catch {
                return fail(error)
            }
        }
    }

    private func received(_ head: ResponseHead) {
        self.head = head
        let encoding = head.fields["Content-Encoding"]?.lowercased()
        guard let encoding, encoding != "identity" else { return }
        fail(.malformed, "an encoding that was not asked for")
    }

    private func endOfInput() {
        do {
            try decoder.finish()
            succeed()
        } catch {
            fail(error)
        }
    }

    private func succeed() {
        guard let head else { return fail(.malformed, "an end without a head") }
        finish(
            .success(
                OutboundResponse(status: head.status, fields: head.fields, content: content)))
    }

    private func fail(_ violation: ResponseViolation) {
        switch violation {
        case .bodyTooLarge, .startLineTooLong, .fieldLineTooLong, .fieldsTooLarge, .tooManyFields,
            .trailersTooLarge, .tooManyInterimResponses, .chunkLineTooLong,
            .chunkExtensionsTooLarge:
            fail(.tooLarge, "\(violation)")
        case .closedBeforeResponse: fail(.unreachable, "\(violation)")
        case .statusLineMalformed, .statusCodeOutOfRange, .versionMalformed, .versionUnsupported,
            .switchingProtocols, .interimResponseWithContent, .noContentWithContent,
            .bareCarriageReturn, .bareLineFeed, .nulByte, .controlByte,
            .whitespaceBeforeFirstField, .obsoleteLineFolding, .fieldLineWithoutColon,
            .fieldNameEmpty, .fieldNameInvalid, .whitespaceBeforeColon, .contentTypeRepeated,
            .contentLengthRepeated, .contentLengthInvalid, .contentLengthOverflow,
            .contentLengthWithTransferEncoding, .transferEncodingRepeated,
            .transferEncodingInHTTP10, .transferEncodingNotChunked, .chunkedTwice,
            .transferCodingUnsupported, .chunkSizeInvalid, .chunkSizeTooLong,
            .chunkExtensionInvalid, .chunkDataUnterminated, .headTruncated, .contentTruncated:
            fail(.malformed, "\(violation)")
        }
    }

    private func fail(_ kind: OutboundFailure.Kind, _ detail: String) {
        finish(.failure(OutboundFailure(kind, detail)))
    }

    private func finish(_ result: Result<OutboundResponse, OutboundFailure>) {
        guard state != .ended else { return }
        state = .ended
        desk.context.deadlines.remove(self)
        socket?.close()
        socket = nil
        desk.forget(self)
        completion(result)
    }

    private func arm(_ time: UInt64) {
        deadline = time
        desk.context.deadlines.schedule(self)
    }
}

extension OutboundExchange: StreamSocketOwner {
    func socketConnected() {
        guard let socket, state == .connecting else { return }
        state = .waiting
        arm(end)
        socket.resumeReading()
        socket.send(wire)
    }

    func socketIsReadable() {
        guard let socket, state == .waiting else { return }
        socket.read { result in
            switch result {
            case .bytes(let bytes): unsafe receive(bytes)
            case .wouldBlock: break
            case .end: endOfInput()
            case .failed(let code):
                fail(.unreachable, socket.securityFailure ?? systemMessage(code))
            }
        }
    }

    func socketDrained() {}

    func socketFailed(_ code: Int32) {
        // What TLS does not like at one address is no reason to try another.
        if let reason = socket?.securityFailure {
            return fail(.unreachable, "\(request.url.host): TLS: \(reason)")
        }
        guard state == .connecting else { return fail(.unreachable, systemMessage(code)) }
        connect(systemMessage(code))
    }
}

extension OutboundExchange: DeadlineHolder {
    func deadlinePassed(_ now: UInt64) {
        guard now < end, state == .connecting else {
            return fail(.timeout, "\(request.url.host): no whole answer in time")
        }
        socket?.close()
        socket = nil
        connect("no connection in time")
    }
}
