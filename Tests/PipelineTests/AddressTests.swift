import Pipeline
import Testing

struct AddressTests {
    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.7", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::127.0.0.1",
        "64:ff9b::a00:1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1",
        "2001::1", "2002:7f00:1::1", "3fff::1", "4000::1",
    ])
    func `addresses that are not of the Internet are refused`(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(!address.isPublic)
        #expect(!AddressGuard().permits(address, of: "example.org"))
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2001:200::1", "2a00::1", "::ffff:1.1.1.1",
    ])
    func `addresses of the Internet are permitted`(text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic)
    }

    @Test(arguments: [
        "", "localhost", "0x7f000001", "2130706433", "127.1", "1.2.3.4.5", "::1%lo", "fe80::1%eth0", "[::1]",
    ])
    func `other forms of numbers are no addresses`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func `a mapped address is the one it maps`() {
        #expect(NetworkAddress("::ffff:127.0.0.1") == NetworkAddress("127.0.0.1"))
        #expect(NetworkAddress("::ffff:127.0.0.1")?.description == "127.0.0.1")
    }

    @Test(arguments: ["2130706433", "0x7f.1", "127.1", "localhost"])
    func `whatever form a host has, it is the address behind it that counts`(host: String) {
        #expect(NetworkAddress.resolve(host).allSatisfy { !$0.isPublic })
    }

    @Test func `what is listed is permitted, and its neighbours are not`() throws {
        let list = AddressGuard(allowed: ["10.1.0.0/16", "192.168.1.7", "Intranet.local", "fd00::/8"])
        func permits(_ text: String, _ host: String = "example.org") throws -> Bool {
            list.permits(try #require(NetworkAddress(text)), of: host)
        }
        #expect(try permits("10.1.255.255"))
        #expect(try !permits("10.2.0.0"))
        #expect(try permits("192.168.1.7"))
        #expect(try !permits("192.168.1.8"))
        #expect(try permits("127.0.0.1", "intranet.LOCAL"))
        #expect(try permits("fd12::1"))
        #expect(try !permits("fe80::1"))
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "ten/8"])
    func `a malformed block is none`(text: String) { #expect(NetworkBlock(text) == nil) }

    @Test func `a block of no bits is everything of its version`() throws {
        let all = try #require(NetworkBlock("0.0.0.0/0"))
        #expect(all.contains(try #require(NetworkAddress("255.1.2.3"))))
        #expect(!all.contains(try #require(NetworkAddress("::1"))))
    }
}
