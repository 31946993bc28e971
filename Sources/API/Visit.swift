import Hummingbird
import Logging
import NIOCore

/// One request on its way through the door: who asks, from where, and the names it is logged under.
package struct Visit: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The address of the other end, without its port; `-` where there is none.
    package var address: String
    /// The connection, to be closed where no more is to be read from it.
    let channel: any Channel
    package var caller = Caller.stranger
    /// Of the request: the caller's, or one of ours.
    package var requestID = ""
    /// 32 hexadecimal digits of `traceparent`; nil where the caller traces nothing.
    package var traceID: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        address = source.channel.remoteAddress?.ipAddress ?? "-"
    }
}
