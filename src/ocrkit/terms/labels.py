"""Words that label the same thing on invoices, receipts and forms, in several languages; without case and accents."""

from __future__ import annotations

_GROUPS: dict[str, str] = {
    "xphone": "phone telephone tel telefon telefoon telefono telefone fon mobile gsm",
    "xfax": "fax telefax telefaks",
    "xemail": "email mail courriel correo",
    "xnumber": "number no nr num nummer numero",
    "xinvoice": "invoice facture rechnung rechnungs factuur factura fattura fatura",
    "xtotal": "total gesamt totaal totale summe gesamtbetrag totaux",
    "xamount": "amount amt montant betrag bedrag importe importo valor",
    "xvat": "vat tva mwst btw iva ust mehrwertsteuer umsatzsteuer",
    "xdate": "date datum fecha data",
    "xdue": "due fallig falligkeit echeance verval vencimiento scadenza",
    "xcustomer": "customer client kunde kunden klant cliente",
    "xaddress": "address adresse adres direccion indirizzo anschrift endereco",
    "xorder": "order bestellung bestell commande bestelling pedido ordine auftrag auftrags",
    "xprice": "price prix preis prijs precio prezzo preco",
    "xquantity": "quantity qty menge quantite aantal cantidad quantita",
    "xaccount": "account acct konto compte rekening cuenta conto",
    "xreceipt": "receipt quittung recu recibo ricevuta",
    "xsignature": "signature signed unterschrift handtekening",
    "xreference": "reference ref referenz referentie",
    "xadjustment": "adjustment adj",
    "xauthor": "author wrote written auteur autor autore verfasser",
    "xcreate": "invent invented create created design designed develop developed",
    "xbuy": "buy bought purchase purchased acheter achete gekauft kaufen comprar",
    "xpay": "pay paid payment tendered bezahlt zahlung paye paiement betaald betaling pago pagado",
}

CONCEPTS: dict[str, str] = {word: key for key, words in _GROUPS.items() for word in words.split()}
"""The key of each word that names a common label; `recu` is the folded French word for receipt."""

ENDINGS = ("nummer", "datum", "betrag", "bedrag", "adresse", "adres", "preis", "prijs", "nr")
"""Second halves of Germanic compounds that name labels."""
