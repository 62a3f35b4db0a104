"""Labels of receipts and invoices in several languages, as patterns over folded text: small letters, no accents."""

from __future__ import annotations

import re
from typing import Final


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words))


INVOICE: Final = r"(?:tax\s?)?(?:invoice|inv|facture|factuur|rechnungs?|factura|fattura|fatura|faktura|invois)"
_NUMBER: Final = r"(?:numbers?|nummer|numero|numer|num|nr|no|nb|n[o°º]|id|#)"

NUMBER: Final = (
    re.compile(rf"\b{INVOICE}[\s/-]*(?:bill\s?)?{_NUMBER}(?![a-z])\s*[.:#]*"),
    re.compile(rf"(?:\bn[o°º]|{_NUMBER})\s?(?:de |der |di |da )?(?:la )?{INVOICE}(?![a-z])\s*[.:#]*"),
    re.compile(
        rf"\b(?:receipt|rcpt|bill|doc(?:ument)?|resit|slip|bon|ticket|recibo|ricevuta|quittung|recu|beleg|cb|trans"
        rf"|chk|check)[\s-]*(?:{_NUMBER}(?![a-z])\s*[.:#]*|[:#]+)"
    ),
    re.compile(rf"(?<![a-z]){INVOICE}\s?[:#]+|(?:(?<=\t)|^){INVOICE}(?=\s*$|\t)|請求書番号|发票号码?"),
    re.compile(rf"^{INVOICE}(?=\s[a-z]{{1,5}}[/-]\d[\d/-]{{3,}}\s*$)"),
    re.compile(rf"\b(?:booking|reservation|buchungs?|reserva|prenotazione)[\s-]*{_NUMBER}(?![a-z])\s*[.:#]*"),
)
"""Of the document's number, the surest first."""

DATE: Final = (
    re.compile(
        rf"{INVOICE}[\s-]?(?:date|datum|data|fecha)\b|(?:date|datum|data|fecha)\s?(?:of issue|d.emission|d.\s?facture"
        rf"|(?:de |della |da |di )?(?:la )?(?:{INVOICE}|emission|emissione|expedicion|emissao))|date issued|issue date"
        rf"|tax point|{INVOICE}\b.{{0,40}}?\b(?:du|vom|dated|del|van|of|from|le)\s(?=\d)|請求日|発行日|开票日期"
    ),
    re.compile(r"(?<![a-z])(?:date|datum|data|fecha|tarikh|dato|日付|日期)(?:\s?/?\s?(?:time|masa))?(?![a-z])"),
)
OTHER_DATE: Final = re.compile(
    r"due|order|deliver|ship|birth|print|expir|period|check|valid|value|start|end\b|from|until|commande|livraison"
    r"|bestel|liefer|leistung|lever|servi|limite|echeance|verval|fallig|scadenza|vencimiento|vencimento|entry|closed"
)
"""Before or behind a date: that it is another one."""

DUE: Final = re.compile(
    r"\bdue(?: date)?\b|payable (?:by|on)|pay by|due on|echeance|date limite|vencimiento|fallig\w*|zahlungsziel"
    r"|zahlbar bis|scadenza|vencimento|vervaldatum|te betalen voor|tarikh akhir|支払期限"
)

SUBTOTAL: Final = re.compile(
    r"sub[- ]?tota+l\w*|sous[- ]?total|zwischensumme|nettobetrag|summe netto|netto(?:summe| gesamt)?\b|imponibile"
    r"|base imponible|total\s?h\.?\s?t\b|montant\s?h\.?\s?t\b|total net\b(?! ?pay)|net total(?=.{0,12}excl)"
    r"|total\s?\(?(?:excl|excluding|ohne|before|avant)\w*(?: of)?(?: ?tax| ?vat| ?gst)?\)?|exclusief btw|excl\.? btw"
    r"|total (?:before|without) tax|total sales \(?excl\w*(?: gst)?\)?|amount excl\w*|net amount|jumlah kecil|小計|小计"
)
TAX: Final = re.compile(
    r"\b(?:sales tax|tax|vat|gst|sst|hst|pst|qst|iva|tva|mwst|ust|btw|moms|mva|cukai|imposto|impuesto|imposta"
    r"|mehrwertsteuer|umsatzsteuer)\b(?! ?(?:invoice|id\b|reg|no\b|number|summary|code|receipt|point))|消費税|税額|税额"
)
NO_TAX: Final = re.compile(r"(?:(?:incl|inkl|excl)\w*[\s.(]*(?:[o0]f)?|with|without|ohne|not a|before)[\s.(]*$")
"""Before the name of a tax: that an amount behind it is not that of the tax."""

TOTAL: Final = (
    re.compile(
        r"(?:grand|final|invoice)\s?total|total\s?(?:amount\s?)?(?:due|payable|to pay)|nett?\s?(?:total|amt|amount)"
        r"(?: rounded)?|total\s?(?:after round\w*|rounded|nett?)|(?:amount|amt)\s?(?:due|payable|to pay)|balance due"
        r"|\bto pay\b"
        r"|total\s?(?:sales\s?|amount\s?)?\(?(?:incl|inclusive|including|with)\w*(?: of)?(?: ?tax| ?vat| ?gst)*"
        r"|total ttc|montant ttc|montant total|net a payer|somme a payer|total a payer|total (?:de la )?facture"
        r"|factuur ?totaal|totaal (?:incl\w*|te betalen)|te betalen|rechnungs(?:betrag|summe)|gesamt\w*|endbetrag"
        r"|zu zahlen\w*|zahlbetrag|totale (?:complessivo|documento|fattura|da pagare|ivato)|importe total"
        r"|total (?:a pagar|factura|importe|geral)|valor total"
        r"|jumlah (?:besar|perlu|bayar)|합계|合計|総額|合计|总计|总额"
    ),
    re.compile(
        r"\btota+[lt]?l?\b|\btotale?\b|\btotaal\b|\bsumme\b|\bbetrag\b|\bbedrag\b|\bjumlah\b|\bimporte\b|\bsomme\b"
    ),
)
"""Of the total, the surer first."""
NO_TOTAL: Final = re.compile(
    r"q'?ty|quantit|\bitems?\b(?! ?\(s\)? total)|discount|saving|points?\b|menge|artikel|\bpcs\b|loading"
)

PAID: Final = re.compile(r"\b(?:cash|tunai|tender(?:ed)?|received|paid|bar|especes|contant|efectivo|contanti)\b")
CHANGE: Final = re.compile(r"\b(?:change|baki|ruckgeld|rendu|wisselgeld|cambio|resto|troco)\b")
ROUNDING: Final = re.compile(r"\bround\w*|rundung|arrondi|afronding|pembundaran|penggenapan")

SELLER: Final = re.compile(
    r"(?:sold by|seller|vendor|supplier|service provider|issued by|verkaufer|lieferant|vendeur|vendedor|fornitore"
    r"|verkoper|payment received by|titulaire du compte|account (?:name|holder)|from)\s?:\s*"
)
OFFICE: Final = re.compile(
    r"siege social|registered office|regd\.? office|au capital|\br\.?c\.?s\b|handelsregister|registergericht"
    r"|amtsgericht|\bhrb\b|\bkvk\b|geschaftsfuhrer|sede legale|domicilio social"
)
"""In the foot of a letter, beside the name of the firm that sends it."""
RECIPIENT: Final = re.compile(
    r"\b(?:bill(?:ed|ing)?(?: to| address)?|ship(?:ped|ping)?(?: to| address)|sold to|customer|client|guest|attn"
    r"|t\.a\.v|factuuradres|afleveradres|rechnungs(?:adresse|empfanger)|kunde|klant|lieferadresse|destinatario"
    r"|adresse de (?:facturation|livraison|l.installation)|cliente|buyer|invoice to|deliver to|nom de l.abonne)\b"
)
LEGAL: Final = re.compile(
    r"(?<![a-z])(?:sdn\.?\s?bhd|s[di]n\.?\s?bhd|s/b|sb|bhd|pvt\.?|ltd|limited|inc|llc|llp|plc|corp|gmbh|ag|kg|ohg|ug"
    r"|e\.?k|b\.?v|n\.?v|oy|ab|a/s|aps|sarl|s\.a\.r\.l|sas|eurl|s\.?a|srl|s\.r\.l|s\.?p\.?a|s\.l|lda|ltda|s\.?r\.?o"
    r"|sp\.? z o\.?o|pte|plt|kabushiki kaisha|株式会社|有限公司)(?![a-z])\.?"
)
"""The legal form of a firm."""
TRADE: Final = re.compile(
    r"\b(?:company|enterprises?|trading|holdings?|restoran|restaurant|hypermarket|supermarket|pharmacy|farmasi"
    r"|bakery|station|stores?|mart|cafe|bistro|hardware|apotheke|pharmacie|boulangerie|ristorante|panaderia)\b"
)
"""What firms call themselves."""
NO_VENDOR: Final = re.compile(
    r"^(?:retail|simplified|official|commercial|original|sales?|total|amount)$|^(?:cash|payment|paid)\b"
    r"|\b(?:invoice|receipt|thank|welcome|rechnung|facture|factuur|factura|fattura|fatura|resit|copy|kopie|page|seite"
    r"|tel|phone|fax|e-?mail|cashier|order|table|counter|date|datum|reg\b|co\.?\s?reg|roc|gst|vat|tva|btw|mwst|tax"
    r"|company\s?(?:reg|no)|iban|bic|website|sales?person|member|your|nicht|account|details|opening|description"
    r"|artikel|article|qty|quantity|price|prix|preis|prijs|bedrag|betrag|omschrijving|items?\b|menge|product|designation)|www\.|https?:|@[\w-]+\."
)
ADDRESS: Final = re.compile(
    r"\b(?:no\.?\s?\d|lot\b|unit\b|level\b|floor\b|flr\b|block\b|blk\b|jalan|jln|jl\b|jin\b|lorong|taman|tmn\b|kampung"
    r"|kg\.|seksyen|bandar|mukim|kawasan|plaza|mall\b|street|st\b|road|rd\b|avenue|ave\b|lane|drive|blvd|boulevard"
    r"|suite|rue\b|chemin|quai|place\b|cedex|via\b|viale|piazza|corso|calle|avenida|rua\b|p\.?o\.? box|station)"
    r"|(?:strasse|str\.|straat|laan|weg|gasse|platz|plein|allee)\s?\d|\w+(?:strasse|straat|weg|laan) \d"
    r"|\b\d{4,6}\s[a-z]{2}|\b[a-z]{2}\s\d{5}(?:-\d{4})?\b|\b\d{4}\s?[a-z]{2}\b"
)
NO_ADDRESS: Final = re.compile(
    r"\b(?:tel|te[li]?\s?[:.]|phone|fax|e-?mail|gst|vat|tva|btw|sst|tax|invoice|receipt|rechnung|facture|factuur|date"
    r"|cashier|reg\.?\s?(?:no|id)|co\.?\s?reg|company\s?(?:reg|no)|roc\b|website|hotline|table|order|counter|bill|site\s?:"
    r"|mc\s?#|welcome|customer|doc)|www\.|https?:|@[\w-]+\.|\d{1,2}[:.]\d{2}\s?(?:am|pm)|\d{1,2}:\d{2}:\d{2}"
)
REGISTRATION: Final = re.compile(
    r"\s*[(\[]?\s*(?:co\.?\s?(?:reg\.?\s?)?no\.?\s?:?\s?)?[a-z]{0,3}\d{5,}[-\s]?[a-z]?\s*[)\]]?\s*$"
)
"""A company's number behind its name or on a line of its own."""
