package import HTTP
package import HTTPClient

extension ResponseRelay: UpstreamReceiver {
    package func upstreamAnswered(_ head: ResponseHead) { begin(head) }

    package func upstreamSent(_ bytes: UnsafeRawBufferPointer) { unsafe receive(bytes) }

    package func upstreamPaused() { sink.flush() }

    package func upstreamEnded() { end() }

    package func upstreamFailed(_ failure: HTTPClient.UpstreamFailure) { fail(failure) }
}
