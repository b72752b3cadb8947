# SPDX-License-Identifier: Apache-2.0
# frozen_string_literal: true

RSpec.describe "Checkout" do
  it "adds prices" do
    expect([1, 2, 3].sum).to eq 6
  end

  { 1 => 10, 2 => 20, 3 => 31 }.each do |pieces, price|
    it "#{pieces} pieces cost #{price}" do
      expect(pieces * 10).to eq price
    end
  end

  it 'Grüße 日本語 🚀 & <b>"quotes"</b>' do
    puts "printed: größer 🚀"
    warn "warned: rounding"
  end

  it "an error is thrown" do
    nil.card
  end

  it "refunds", skip: "no bank yet" do
  end

  it "gift cards"

  it "vouchers" do
    pending "not yet"
    raise "no vouchers"
  end

  describe "with a discount" do
    it "rounds down" do
      expect(cents: 99, currency: "EUR").to eq(cents: 100, currency: "EUR")
    end

    it "tells two failures", :aggregate_failures do
      expect(1).to eq 2
      expect("a").to eq "b"
    end
  end
end
