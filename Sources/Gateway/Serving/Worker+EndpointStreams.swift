import Proxy
import ResourceServer
import Transport

extension Worker {
    /// Remembers what a message asks for, whose response comes on the stream of its endpoint.
    func expectResponse(to request: borrowing AuthorizedRequest) {
        guard let seal = request.endpoint?.seal, let method = request.method,
            let id = request.messageID
        else { return }
        share.endpointStreams.asked(seal)?.insert(method, for: id)
    }

    /// Makes the stream known as soon as it has named its endpoint.
    func followEndpoint(of relay: ResponseRelay, _ exchange: Exchange) {
        relay.endpointOpened = { [unowned self, unowned exchange] seal in
            exchange.notes.endpointSeal = seal
            return share.endpointStreams.insert(
                seal, stream: ObjectIdentifier(exchange), on: context.loop)
        }
    }

    /// Forgets a stream that is over.
    func forgetEndpoint(of exchange: Exchange) {
        guard let seal = exchange.notes.endpointSeal else { return }
        share.endpointStreams.remove(seal, stream: ObjectIdentifier(exchange))
    }

    /// Sends an event of the gateway's own on a stream of HTTP+SSE.
    func deliver(_ event: [UInt8], on stream: ObjectIdentifier) {
        streams[stream]?.deliver(event)
    }
}
