/* The three neutral imports: their fields and what files call them.
 *
 * Aliases are the names seen in exports of accounting programs in Spanish, English and Portuguese. One name never
 * stands for two fields of a kind, and a name that means different things in different files (a customer list's
 * "cliente") is left out: the user says. */
#include "intake/mapping.h"

#define CURRENCY_NAMES                                                                                                 \
    "moneda,divisa,moeda,codigo moneda,cod moneda,currency code,iso moneda,codigo divisa,mon,tipo moneda,clave moneda,cve moneda"
#define CUSTOMER_CODE_NAMES                                                                                            \
    "cliente,codigo cliente,cod cliente,id cliente,numero cliente,clave cliente,cve cliente,clave cte,cve cte,cod cte,"  \
    "numero cte,deudor,codigo "                                                                                         \
    "deudor,customer,customer id,customer "                                                                            \
    "number,customer no,client,client code,client id,client number,account number,account code,cliente codigo,cod do " \
    "cliente,codigo "                                                                                                  \
    "sn,debtor,debtor code"

static const struct import_field customer_fields[] = {
    [IMPORT_CUSTOMER_CODE] =
        {"code", FIELD_CODE, true, 64,
         "codigo,cod,clave,cve,codigo cliente,cod cliente,id cliente,numero cliente,clave cliente,cve cliente,clave cte,cve cte,cod cte,"
         "numero cte,cliente codigo,customer "
         "code,customer id,customer number,customer no,client code,client id,account number,account code,codigo sn"},
    [IMPORT_CUSTOMER_NAME] =
        {"name", FIELD_TEXT, true, 200,
         "nombre,razon social,nombre cliente,nombre o razon social,denominacion,denominacion social,empresa,nombre "
         "empresa,cliente nombre,customer name,client name,company,company name,nome,razao social,nome cliente"},
    [IMPORT_CUSTOMER_TAX_ID] =
        {"tax_id", FIELD_TEXT, false, 64,
         "nit,rut,rfc,r.f.c.,n.i.t.,r.u.t.,r.u.c.,c.u.i.t.,cuit,cuil,ruc,rnc,rif,nif,cif,nif cif,cnpj,cpf,cpf cnpj,cnpj "
         "cpf,cedula,identificacion,identificacion "
         "fiscal,id fiscal,numero identificacion,numero identificacion fiscal,registro fiscal,tax number,taxid,vat,vat "
         "id,vat number,vat no,documento,numero documento,rut cliente,nit cliente"},
    [IMPORT_CUSTOMER_KIND] = {"kind", FIELD_TEXT, false, 32,
                              "tipo,tipo cliente,tipo persona,persona,type,customer type,client type,tipo pessoa"},
    [IMPORT_CUSTOMER_EMAIL] =
        {"email", FIELD_TEXT, false, 254,
         "correo,correo electronico,e mail,mail,email address,email contacto,correo contacto,email cobranza,correo "
         "cobranza,email cliente,email pagos,email facturacion,endereco email"},
    [IMPORT_CUSTOMER_PHONE] = {"phone", FIELD_TEXT, false, 64,
                               "telefono,tel,telefono contacto,telefono fijo,celular,movil,telefono movil,phone "
                               "number,telephone,mobile,mobile "
                               "phone,cell,cell phone,telefone,fone,numero telefono"},
    [IMPORT_CUSTOMER_WHATSAPP] = {"whatsapp", FIELD_TEXT, false, 64, "whats app,wa,numero whatsapp,whatsapp number"},
    [IMPORT_CUSTOMER_CONTACT_NAME] =
        {"contact_name", FIELD_TEXT, false, 200,
         "contacto,nombre contacto,persona contacto,atencion,contact,contact person,contato,nome contato"},
    [IMPORT_CUSTOMER_CONTACT_ROLE] =
        {"contact_role", FIELD_TEXT, false, 64,
         "cargo,cargo contacto,puesto,puesto contacto,rol,rol contacto,role,contact title,job title,funcao"},
    [IMPORT_CUSTOMER_COUNTRY] = {"country", FIELD_TEXT, false, 64, "pais,codigo pais,country code"},
    [IMPORT_CUSTOMER_REGION] = {"region", FIELD_TEXT, false, 64,
                                "provincia,estado,departamento,comunidad autonoma,state,province,uf"},
    [IMPORT_CUSTOMER_LANGUAGE] = {"language", FIELD_TEXT, false, 32,
                                  "idioma,lengua,lingua,lang,language code,codigo idioma"},
    [IMPORT_CUSTOMER_ZONE] = {"zone", FIELD_TEXT, false, 64,
                              "zona horaria,huso horario,time zone,timezone,fuso horario"},
    [IMPORT_CUSTOMER_SEGMENT] = {"segment", FIELD_TEXT, false, 64,
                                 "segmento,segmento cliente,categoria,category,customer group,grupo,grupo clientes"},
    [IMPORT_CUSTOMER_SECTOR] = {"sector", FIELD_TEXT, false, 64, "rubro,giro,ramo,actividad,industria,industry,setor"},
    [IMPORT_CUSTOMER_CURRENCY] = {"currency", FIELD_CODE, false, 16, CURRENCY_NAMES},
    [IMPORT_CUSTOMER_CREDIT_LIMIT] =
        {"credit_limit", FIELD_MONEY, false, 64,
         "limite credito,limite,cupo,cupo credito,linea credito,credit line,credito autorizado"},
    [IMPORT_CUSTOMER_PAYMENT_TERMS] = {"payment_terms", FIELD_TEXT, false, 64,
                                       "condiciones pago,condicion pago,condicion,plazo,plazo pago,terminos pago,dias "
                                       "credito,dias plazo,terms,credit "
                                       "terms,condicao pagamento,condicoes pagamento,prazo,prazo pagamento"},
    [IMPORT_CUSTOMER_COLLECTOR] = {"collector", FIELD_TEXT, false, 64,
                                   "cobrador,gestor,gestor cobranza,gestor cobro,responsable,responsable "
                                   "cobro,responsable cobranza,analista,analista "
                                   "cobranza,ejecutivo,ejecutivo cobranza,assigned to"},
    [IMPORT_CUSTOMER_SELLER] = {"seller", FIELD_TEXT, false, 64,
                                "vendedor,vendedor asignado,asesor,asesor comercial,comercial,agente,agente "
                                "comercial,salesperson,sales person,sales rep"},
    [IMPORT_CUSTOMER_PROFILE] = {"profile", FIELD_TEXT, false, 64, "perfil,perfil cliente"},
    [IMPORT_CUSTOMER_STRATEGY] = {"strategy", FIELD_CODE, false, 64, "estrategia,strategy code,codigo estrategia"},
};

static const struct import_field invoice_fields[] = {
    [IMPORT_INVOICE_NUMBER] =
        {"number", FIELD_CODE, true, 64,
         "numero,factura,numero factura,comprobante,numero comprobante,documento,numero documento,folio,serie folio,serie y folio,folio "
         "factura,invoice,invoice number,invoice id,document,document number,document id,doc number,nota fiscal,numero "
         "nota,numero nota fiscal,nf,nfe,fatura,numero fatura,titulo,numero titulo"},
    [IMPORT_INVOICE_CUSTOMER_CODE] = {"customer_code", FIELD_CODE, true, 64, CUSTOMER_CODE_NAMES},
    [IMPORT_INVOICE_ISSUE_DATE] =
        {"issue_date", FIELD_DATE, true, 64,
         "fecha,emision,fecha emision,fecha factura,fecha documento,fecha comprobante,fecha expedicion,fecha doc,fec doc,fec emision,fec factura,f emision,fecha "
         "contable,date,invoice date,document date,issued,date issued,data,emissao,data emissao,data nota,data fatura"},
    [IMPORT_INVOICE_DUE_DATE] = {"due_date", FIELD_DATE, true, 64,
                                 "vencimiento,fecha vencimiento,vence,vto,vcto,fecha vcto,fec vencimiento,fec venc,f vencimiento,f venc,fecha vto,venc,fecha venc,fecha limite,fecha "
                                 "limite pago,due,due on,payment "
                                 "due date,net due date,maturity,maturity date,vencimento,data vencimento"},
    [IMPORT_INVOICE_CURRENCY] = {"currency", FIELD_CODE, true, 16, CURRENCY_NAMES},
    [IMPORT_INVOICE_AMOUNT] =
        {"amount", FIELD_MONEY, true, 64,
         "importe,monto,valor,total,importe total,monto total,valor total,importe factura,monto factura,valor "
         "factura,total factura,importe original,monto original,valor original,invoice amount,invoice total,total "
         "amount,original amount,valor nota,valor fatura,valor titulo"},
    [IMPORT_INVOICE_OPEN_AMOUNT] =
        {"open_amount", FIELD_MONEY, false, 64,
         "saldo,saldo pendiente,saldo pend,saldo insoluto,saldo por cobrar,pendiente,importe pendiente,monto pendiente,valor pendiente,saldo abierto,saldo "
         "deudor,saldo actual,saldo factura,adeudado,open,balance,open balance,balance due,amount "
         "due,outstanding,outstanding "
         "amount,remaining,em aberto,saldo em aberto,saldo aberto,saldo devedor,valor em aberto"},
    [IMPORT_INVOICE_TYPE] =
        {"type", FIELD_TEXT, false, 32,
         "tipo,tipo documento,tipo comprobante,clase documento,document type,doc type,invoice type"},
    [IMPORT_INVOICE_REFERENCE] = {"reference", FIELD_TEXT, false, 200,
                                  "referencia,ref,orden compra,oc,pedido,numero pedido,po,po number,purchase "
                                  "order,customer reference,ordem compra"},
    [IMPORT_INVOICE_DESCRIPTION] =
        {"description", FIELD_TEXT, false, 500,
         "descripcion,concepto,detalle,glosa,observacion,observaciones,memo,notes,details,descricao,historico"},
    [IMPORT_INVOICE_INSTALMENT] =
        {"instalment", FIELD_INT, false, 64,
         "cuota,numero cuota,installment,installment number,instalment number,parcela,numero parcela"},
    [IMPORT_INVOICE_FILE] = {"file", FIELD_TEXT, false, 500, "archivo,adjunto,fichero,pdf,attachment,arquivo,anexo"},
    [IMPORT_INVOICE_APPLIES_TO] =
        {"applies_to", FIELD_CODE, false, 64,
         "aplica a,factura aplicada,factura afectada,factura relacionada,documento relacionado,factura "
         "original,documento afectado,applied to,related invoice,original invoice"},
};

static const struct import_field payment_fields[] = {
    [IMPORT_PAYMENT_CUSTOMER_CODE] = {"customer_code", FIELD_CODE, true, 64, CUSTOMER_CODE_NAMES},
    [IMPORT_PAYMENT_DATE] = {"date", FIELD_DATE, true, 64,
                             "fecha,fecha pago,fecha cobro,fecha recibo,fecha deposito,fecha valor,fecha abono,payment "
                             "date,paid on,value date,date "
                             "paid,data,data pagamento,data recebimento"},
    [IMPORT_PAYMENT_CURRENCY] = {"currency", FIELD_CODE, true, 16, CURRENCY_NAMES},
    [IMPORT_PAYMENT_AMOUNT] =
        {"amount", FIELD_MONEY, true, 64,
         "importe,monto,valor,total,importe pagado,monto pagado,valor pagado,importe cobrado,monto cobrado,importe "
         "pago,monto "
         "pago,pago,abono,payment,payment amount,amount paid,paid amount,paid,valor pago,valor recebido"},
    [IMPORT_PAYMENT_REFERENCE] =
        {"reference", FIELD_TEXT, false, 200,
         "referencia,ref,recibo,numero recibo,comprobante,numero comprobante,concepto,glosa,memo,receipt,receipt "
         "number,payment reference,description,descripcion,historico"},
    [IMPORT_PAYMENT_INVOICE_NUMBER] =
        {"invoice_number", FIELD_CODE, false, 64,
         "factura,numero factura,factura pagada,documento,numero documento,folio,invoice,invoice id,document,document "
         "number,fatura,numero fatura,nota fiscal"},
    [IMPORT_PAYMENT_METHOD] =
        {"method", FIELD_TEXT, false, 64,
         "medio,medio pago,forma pago,metodo,metodo pago,tipo pago,payment method,forma pagamento,meio pagamento"},
    [IMPORT_PAYMENT_BANK_ACCOUNT] =
        {"bank_account", FIELD_TEXT, false, 64,
         "cuenta,cuenta bancaria,cuenta banco,cuenta destino,banco,account,bank,iban,cbu,conta,conta bancaria"},
    [IMPORT_PAYMENT_EXTERNAL_ID] =
        {"external_id", FIELD_CODE, false, 128,
         "id,id externo,id transaccion,numero transaccion,id pago,id operacion,numero operacion,id "
         "movimiento,uuid,transaction id,transaction number,payment id,id transacao"},
};

const struct import_kind import_customers = {"customers", customer_fields, COUNT_OF(customer_fields)};
const struct import_kind import_invoices = {"invoices", invoice_fields, COUNT_OF(invoice_fields)};
const struct import_kind import_payments = {"payments", payment_fields, COUNT_OF(payment_fields)};

_Static_assert(COUNT_OF(customer_fields) == IMPORT_CUSTOMER_FIELDS && IMPORT_CUSTOMER_FIELDS <= 32,
               "fields of customers");
_Static_assert(COUNT_OF(invoice_fields) == IMPORT_INVOICE_FIELDS && IMPORT_INVOICE_FIELDS <= 32, "fields of invoices");
_Static_assert(COUNT_OF(payment_fields) == IMPORT_PAYMENT_FIELDS && IMPORT_PAYMENT_FIELDS <= 32, "fields of payments");
