import AuthorizationServer
import Glibc
import Testing

@Suite struct SignInThrottleTableTests {
    private static func wait(
        _ throttle: SignInThrottle, at now: Int64, user: String, address: String
    ) -> Int64? {
        switch throttle.admit(user: user, address: address, at: now) {
        case .admitted: nil
        case .wait(let milliseconds): milliseconds
        }
    }

    @Test func `whoever failed most is remembered longest`() {
        let throttle = SignInThrottle(capacity: 400)
        for name in 0..<100 {
            for attempt in 0..<5 {
                _ = Self.wait(
                    throttle, at: 0, user: "attacked\(name)", address: "10.\(attempt).0.\(name)")
            }
        }
        for number in 0..<5000 {
            _ = Self.wait(
                throttle, at: 1, user: "name\(number)",
                address: "172.16.\(number / 250).\(number % 250)")
        }
        for name in 0..<100 {
            let wait = Self.wait(
                throttle, at: 2, user: "attacked\(name)", address: "192.0.2.\(name)")
            #expect(wait == 998, "attacked\(name)")
        }
    }

    @Test func `a table that is full is not gone through at every attempt`() {
        let throttle = SignInThrottle(capacity: 4096)
        let start = Self.threadSeconds()
        for number in 0..<30_000 {
            let address = "2001:db8:0:\(String(number, radix: 16))::1"
            _ = Self.wait(throttle, at: 0, user: "name\(number)", address: address)
        }
        #expect(Self.threadSeconds() - start < 15)
    }

    /// The work of this thread alone, whatever else runs.
    private static func threadSeconds() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec
    }

    @Test func `a clock that was set back makes nobody wait longer than the delay`() {
        let throttle = SignInThrottle()
        let day: Int64 = 86_400_000
        for _ in 0..<6 { _ = Self.wait(throttle, at: day, user: "u", address: "192.0.2.1") }
        #expect(Self.wait(throttle, at: day, user: "u", address: "198.51.100.1") == 1000)
        let wait = Self.wait(throttle, at: 0, user: "u", address: "198.51.100.1")
        #expect(wait == 1000)
    }

    @Test func `failures are forgotten an hour after the last one, not before`() {
        let throttle = SignInThrottle()
        for number in 0..<8 {
            _ = Self.wait(
                throttle, at: Int64(number) * 900_000, user: "u", address: "10.0.0.\(number)")
        }
        let last: Int64 = 7 * 900_000
        #expect(Self.wait(throttle, at: last, user: "u", address: "192.0.2.1") == 8000)
        let before = last + SignInThrottle.memory - 1
        #expect(Self.wait(throttle, at: before, user: "u", address: "192.0.2.1") == nil)
        #expect(Self.wait(throttle, at: before, user: "u", address: "192.0.2.2") == 16_000)
        let after = before + SignInThrottle.memory
        for number in 0..<5 {
            let wait = Self.wait(throttle, at: after, user: "u", address: "10.1.0.\(number)")
            #expect(wait == nil)
        }
    }

    @Test func `an address that is none is one place`() {
        let throttle = SignInThrottle()
        for number in 0..<5 {
            #expect(Self.wait(throttle, at: 0, user: "u\(number)", address: "?\(number)") == nil)
        }
        #expect(Self.wait(throttle, at: 0, user: "x", address: "unknown") == 1000)
    }
}
