/* Addresses and networks; what is of the public internet. */
#include "core/ip.h"

#include "base/test.h"

static Ip ip(const char *text) {
    Ip value;
    if (!ip_parse(str_from(text), &value)) fail_msg("%s is not read", text);
    return value;
}

static void reads_addresses(void **state) {
    (void)state;
    static const char *const bad[] = {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "::g", "1.2.3.4:80", "[::1]:80", "fe80::1%eth0", "01.2.3.4", "localhost"};
    Ip value;
    char text[IP_TEXT];
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (ip_parse(str_from(bad[i]), &value)) fail_msg("\"%s\" is no address", bad[i]);
    assert_str(ip_text(ip("::ffff:10.0.0.1"), text), "10.0.0.1");
    assert_str(ip_text(ip("[2001:DB8::1]"), text), "2001:db8::1");
}

static void finds_in_lists(void **state) {
    (void)state;
    static const struct {
        const char *list, *address;
        bool found;
    } cases[] = {
        {"127.0.0.1, ::1", "::1", true},      {"10.0.0.0/8", "10.255.0.1", true},   {"10.0.0.0/8", "11.0.0.1", false},
        {"10.0.0.0/8", "::ffff:10.1.1.1", true}, {"10.0.0.1", "10.0.0.11", false},     {"192.168.4.0/22", "192.168.7.255", true},
        {"192.168.4.0/22", "192.168.8.0", false}, {"fd00::/8", "fdab::1", true},        {"fd00::/8", "fe80::1", false},
        {"0.0.0.0/0", "1.2.3.4", true},       {"0.0.0.0/0", "2001::1", false},      {"::/0", "1.2.3.4", true},
        {"", "1.2.3.4", false},               {"erp.lan, 1.2.3.4", "1.2.3.4", true}, {"1.2.3.4/33", "1.2.3.4", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (ip_in_list(str_from(cases[i].list), ip(cases[i].address)) != cases[i].found)
            fail_msg("%s in \"%s\" should be %d", cases[i].address, cases[i].list, cases[i].found);
    Str entry;
    assert_false(ip_list_fault(S("10.0.0.0/8, ::1,"), &entry));
    assert_true(ip_list_fault(S("10.0.0.0/8, erp.lan"), &entry));
    assert_str(entry, "erp.lan");
}

static void tells_public(void **state) {
    (void)state;
    static const char *const public[] = {"1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "169.253.1.1", "::ffff:8.8.8.8",
                                         "2606:4700::1111", "2a00:1450::1", "2001:200::1"};
    static const char *const private[] = {
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:a00:1::",
        "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "4000::1"};
    for (size_t i = 0; i < COUNT_OF(public); i++)
        if (!ip_is_public(ip(public[i]))) fail_msg("%s is public", public[i]);
    for (size_t i = 0; i < COUNT_OF(private); i++)
        if (ip_is_public(ip(private[i]))) fail_msg("%s is not public", private[i]);
    assert_true(ip_is_loopback(ip("127.9.9.9")) && ip_is_loopback(ip("::1")) && ip_is_loopback(ip("::ffff:127.0.0.1")));
    assert_false(ip_is_loopback(ip("128.0.0.1")) || ip_is_loopback(ip("::2")));
}

static const struct CMUnitTest ip_tests[] = {cmocka_unit_test(reads_addresses), cmocka_unit_test(finds_in_lists),
                                             cmocka_unit_test(tells_public)};
const struct test_suite ip_suite = {"ip", ip_tests, COUNT_OF(ip_tests)};
