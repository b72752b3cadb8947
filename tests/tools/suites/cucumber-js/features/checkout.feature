# language: en
@DEMO-1 @shop
Feature: Checkout
  What a customer pays.

  Background:
    Given an empty basket

  @DEMO-7 @fast
  Scenario: Adds prices
    When 3 things of 2 euros are put in
    Then the total is 6 euros

  Scenario: Rounds down
    When 1 things of 99 euros are put in
    Then the total is 100 euros
    And a receipt is printed

  @rows
  Scenario Outline: <pieces> pieces
    When <pieces> things of 10 euros are put in
    Then the total is <price> euros

    @small
    Examples: few
      | pieces | price |
      | 1      | 10    |
      | 2      | 20    |

    Examples: many
      | pieces | price |
      | 3      | 31    |

  Rule: Grüße 日本語 🚀

    @attached
    Scenario: Attachments & "quotes" <b>
      When these are noted:
        | word  | number |
        | grün  | 1      |
      And this is said:
        """
        größer 🚀
        """
      Then a picture is attached

  Scenario: Nobody knows how
    When something is done that nobody knows

  Scenario: Not yet
    When it is pending
    Then the total is 0 euros

  @skip
  Scenario: Refunds
    Then the total is 0 euros

  @flaky
  Scenario: Is steady at last
    Then it works at the second try

  Scenario: Two know how
    When it is ambiguous
